import { z } from 'zod';

/** The keywords that we read; the rest of the object is passed through to the document. */
export interface OpenApiSchema {
  type?: string;
  properties?: Record<string, OpenApiSchema>;
  required?: string[];
  example?: unknown;
}

/** A zod schema as OpenAPI 3.0 has it: `input` as callers write it, `output` as they read it. */
export function openApiSchema(schema: z.ZodType, io: 'input' | 'output'): OpenApiSchema {
  return z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io,
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ jsonSchema, path }) => {
      // One example of the whole says more than one of each part.
      if (path.length > 0) delete jsonSchema.example;
      // What a number can hold at all is no limit that a reader should be told.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as OpenApiSchema;
}

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    remedy: z.string().nullable(),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), code: z.string(), detail: z.string() })).optional(),
  })
  .meta({
    example: {
      type: 'urn:segment-courier:problem:invalid_request',
      title: 'Invalid request',
      status: 400,
      detail: 'Not accepted: mapping.email.',
      code: 'invalid_request',
      remedy: 'Correct what errors names; the fields are described at /docs.',
      requestId: '0199a2b4-0000-7000-8000-00000000000f',
      errors: [{ path: 'mapping.email', code: 'required', detail: 'Invalid input: expected string, received undefined' }],
    },
  });
