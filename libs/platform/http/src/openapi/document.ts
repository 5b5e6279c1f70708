import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ifMatchName } from './operation';
import { openApiSchema, problemSchema } from './open-api-schema';

export interface ApiDescription {
  title: string;
  description: string;
  version: string;
  /** One sentence on each controller, by its name without the word Controller. */
  tags?: Readonly<Record<string, string>>;
}

type PathItem = OpenAPIObject['paths'][string];
type OperationObject = NonNullable<PathItem['get']>;

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Makes the request repeatable for 24 hours: same key and body, same answer and one effect',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
};
const requestId = { description: 'Names the request in the log', schema: { type: 'string' } };

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** Problems that any route may answer with; what is a route's own stands at its @Operation. */
const everywhere: Record<number, string> = {
  400: 'invalid_request, malformed_request, not_supported',
  401: 'unauthenticated',
  403: 'forbidden',
  500: 'internal_error',
  503: 'Something that the service needs is away; try again',
};

const methods = ['get', 'post', 'patch', 'delete', 'put'] as const;

/** The OpenAPI document of an application's controllers, with what all routes have in common. */
export function documentOf(app: INestApplication, { title, description, version, tags = {} }: ApiDescription): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setTitle(title)
    .setDescription(description)
    .setVersion(version)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'Claim roles: administrator, contributor, viewer',
    })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, settings, {
    operationIdFactory: (controller, method) => lowerFirst(controller.replace(/Controller$/, '')) + upperFirst(method),
  });
  const schema = openApiSchema(problemSchema, 'output') as object;
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: schema },
    headers: { RequestId: requestId },
  };
  document.tags = Object.entries(tags).map(([name, text]) => ({ name, description: text }));
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (operation !== undefined) complete(operation, method, path);
    }
  }
  return document;
}

function complete(operation: OperationObject, method: string, path: string): void {
  const parameters = operation.parameters ?? [];
  const isBound = parameters.some((parameter) => 'name' in parameter && parameter.name === ifMatchName);
  if (method === 'post') operation.parameters = [...parameters, idempotencyKey];
  const problems = { ...everywhere };
  if (path.includes('{')) problems[404] = 'not_found';
  if (isBound) problems[412] = 'version_differs';
  if (method === 'post') problems[422] = 'idempotency_key_reused';
  if (operation.requestBody !== undefined) Object.assign(problems, { 413: 'body_too_large', 415: 'unsupported_media_type' });
  for (const [status, description] of Object.entries(problems)) operation.responses[status] ??= { description };
  if (operation.requestBody !== undefined && 'content' in operation.requestBody) showExamples(operation.requestBody.content);
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response === undefined || '$ref' in response) continue;
    response.headers = { ...response.headers, 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };
    if (Number(status) >= 400) response.content = problemContent;
    else showExamples(response.content ?? {});
  }
}

/** Beside the schema, where an `id` in the example is not taken for the id of the schema. */
function showExamples(content: Record<string, { schema?: object; example?: unknown }>): void {
  for (const media of Object.values(content)) {
    if (media.schema === undefined || !('example' in media.schema)) continue;
    const { example, ...schema } = media.schema;
    Object.assign(media, { schema, example });
  }
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
