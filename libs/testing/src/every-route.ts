/** One operation of an OpenAPI document, with absurd ids in its path. */
export interface Route {
  method: string;
  template: string;
  path: string;
  hasBody: boolean;
}

interface Document {
  paths: object;
}

const methods = ['get', 'post', 'patch', 'delete'];

/** Every operation of the document; `id` takes the place of each path parameter. */
export function routesOf(document: Document, id: string): Route[] {
  return Object.entries(document.paths as Record<string, Record<string, { requestBody?: unknown }>>).flatMap(([template, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      if (operation === undefined) return [];
      const path = template.replace(/\{\w+\}/g, encodeURIComponent(id));
      return [{ method: method.toUpperCase(), template, path, hasBody: operation.requestBody !== undefined }];
    }),
  );
}

export interface BadBody {
  about: string;
  contentType: string;
  body: string;
  status: number;
  code: string;
}

const BODY_LIMIT_BYTES = 256 * 1_024;

/** What no route with a body may accept. `secret` stands in each of them and must come back in none of the answers. */
export function badBodies(secret: string): BadBody[] {
  const json = 'application/json';
  const object = JSON.stringify({ [`x${secret}`]: secret });
  return [
    { about: 'broken JSON', contentType: json, body: `{"${secret}": ${secret}`, status: 400, code: 'malformed_request' },
    { about: 'a text', contentType: json, body: `"${secret}"`, status: 400, code: 'malformed_request' },
    { about: 'a list', contentType: json, body: `["${secret}"]`, status: 400, code: 'invalid_request' },
    { about: 'another media type', contentType: 'text/plain', body: secret, status: 415, code: 'unsupported_media_type' },
    {
      about: 'a form',
      contentType: 'application/x-www-form-urlencoded',
      body: secret,
      status: 415,
      code: 'unsupported_media_type',
    },
    {
      about: 'a strange charset',
      contentType: `${json}; charset=latin1`,
      body: object,
      status: 415,
      code: 'unsupported_media_type',
    },
    {
      about: 'too much',
      contentType: json,
      body: `"${secret.repeat(BODY_LIMIT_BYTES / secret.length + 1)}"`,
      status: 413,
      code: 'body_too_large',
    },
  ];
}
