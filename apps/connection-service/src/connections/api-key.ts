/** What can stand in an HTTP header. Whether it is a key is for Klaviyo to say: the check names what is wrong with it. */
export const apiKeyPattern = /^[\x21-\x7e]{1,200}$/;
const SHOWN_OF_CHARS_MIN = 12;

export function last4Of(apiKey: string): string {
  return apiKey.length < SHOWN_OF_CHARS_MIN ? '' : apiKey.slice(-4);
}
