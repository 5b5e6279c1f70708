/**
 * fetch on a connection of its own. On a slow machine a kept connection may be closed by the service just as the next request goes out
 * on it, and that request fails without having been sent.
 */
export function fetchAnew(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('connection', 'close');
  return fetch(url, { ...init, headers });
}
