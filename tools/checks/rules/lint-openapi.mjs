// node lint-openapi.mjs < documents.json: prints what is wrong with each of the OpenAPI documents, by Redocly's recommended rules and our own.
import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';

const methods = ['get', 'post', 'patch', 'delete', 'put'];
const config = await createConfig({
  extends: ['recommended-strict'],
  rules: { 'no-invalid-schema-examples': 'error', 'no-invalid-media-type-examples': 'error', 'tag-description': 'error' },
});

async function lint(document) {
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
  const found = problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer ?? ''}: ${message}`);
  return [...found, ...own(document)];
}

process.stdout.write(JSON.stringify(await Promise.all(JSON.parse(readFileSync(0, 'utf8')).map(lint))));

/** What a caller of ours can rely on in every operation. */
function own({ paths = {} }) {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method] !== undefined).flatMap((method) => ownOf(item[method], `${method} ${path}`, method)),
  );
}

function ownOf({ responses = {}, parameters = [], requestBody, tags = [] }, name, method) {
  const wrong = [];
  const expect = (holds, text) => holds || wrong.push(`courier ${name}: ${text}`);
  const statuses = Object.keys(responses);
  const wanted = [
    '400',
    '401',
    '403',
    '500',
    '503',
    ...(requestBody ? ['413', '415'] : []),
    ...(method === 'post' ? ['422'] : []),
  ];
  for (const status of wanted) expect(statuses.includes(status), `says nothing about ${status}`);
  expect(tags.length === 1, 'has no tag');
  const hasHeader = (header) => parameters.some(({ name: given, in: place }) => given === header && place === 'header');
  expect(method !== 'post' || hasHeader('Idempotency-Key'), 'takes no Idempotency-Key');
  expect(!['patch', 'delete'].includes(method) || hasHeader('If-Match'), 'takes no If-Match');
  for (const [status, { content = {}, headers = {} }] of Object.entries(responses)) {
    const [type, media] = Object.entries(content)[0] ?? [];
    if (Number(status) >= 400) {
      expect(media?.schema?.$ref === '#/components/schemas/Problem', `${status} is no Problem`);
      expect(type === 'application/problem+json', `${status} is no problem+json`);
    } else {
      expect(media?.example !== undefined, `${status} has no example`);
      expect(status !== '201' || headers.Location !== undefined, '201 says no Location');
    }
  }
  const body = requestBody?.content?.['application/json'];
  expect(requestBody === undefined || body?.example !== undefined, 'the body has no example');
  for (const { name: given, in: place, schema = {} } of parameters) {
    const bounded = schema.maxLength ?? schema.maximum ?? schema.enum ?? schema.format ?? schema.pattern;
    expect(place === 'path' || bounded !== undefined, `the parameter ${given} has no limit`);
  }
  return wrong;
}
