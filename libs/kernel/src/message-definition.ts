/** The part of a schema library that a message needs: parse or say what is wrong. zod's object schemas satisfy it. */
export interface MessageSchema<T> {
  safeParse(input: unknown): { success: true; data: T } | { success: false; error: { issues: readonly MessageIssue[] } };
}

export interface MessageIssue {
  path: readonly PropertyKey[];
  code?: string | undefined;
  message: string;
}

/** One published version of one message: everything that both sides must agree on, as a value. */
export interface MessageDefinition<T, Type extends string = string> {
  /** CloudEvents type, such as `segment.refreshed.v1`. */
  readonly type: Type;
  readonly topic: string;
  /** The record key; messages of one key keep their order. */
  key(data: T): string;
  readonly schema: MessageSchema<T>;
}

export function defineMessage<const Type extends string, T>(definition: MessageDefinition<T, Type>): MessageDefinition<T, Type> {
  return definition;
}

export type MessageData<D> = D extends MessageDefinition<infer T, string> ? T : never;
