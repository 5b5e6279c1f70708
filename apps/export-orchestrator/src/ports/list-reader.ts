import type { ListLook } from '../domain/list-look';

/** Asks the service that talks to Klaviyo about a list, in the name of the person whose request it is. */
export abstract class ListReader {
  /** Never throws: who could not be asked is told as that. Answers within a few seconds. */
  abstract look(list: { connectionId: string; listId: string }, authorization: string): Promise<ListLook>;
}
