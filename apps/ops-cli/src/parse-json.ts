/** Undefined where it is no JSON: a schema check or the status of an answer then says what is wrong. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
