import { v5, v7 } from 'uuid';

/** The namespace of every id that this system derives from other ids; changing it would make redelivered work look new. */
const NAMESPACE = '6f1ec1c2-5b0e-5d0f-9d7a-5b7f2b1d6c11';

/** A new id, ordered by time (UUID version 7). */
export function newId(): string {
  return v7();
}

/** The same id for the same parts, in every process and at every time (UUID version 5). */
export function derivedId(kind: string, ...parts: (string | number)[]): string {
  return v5(JSON.stringify([kind, ...parts]), NAMESPACE);
}
