/** Asks the service that talks to Klaviyo about a list, in the name of the person whose request it is. */
export abstract class ListReader {
  /** The list's name; null when nobody could say, for whatever reason. Answers within a few seconds. */
  abstract nameOf(list: { connectionId: string; listId: string }, authorization: string): Promise<string | null>;
}
