import { describe, expect, it } from '@jest/globals';
import { cleanSpan } from './cleaning-span-exporter';

type Span = Parameters<typeof cleanSpan>[0];

function span(attributes: Span['attributes']): Span {
  return {
    name: 'GET',
    attributes,
    events: [
      {
        name: 'exception',
        time: [0, 0],
        attributes: { 'exception.type': 'Error', 'exception.message': 'row of jane@example.com' },
      },
    ],
    status: { code: 2, message: 'duplicate key (jane@example.com)' },
  } as unknown as Span;
}

describe('cleanSpan', () => {
  it('cuts the query of outgoing and incoming URLs', () => {
    const { attributes } = cleanSpan(
      span({
        'url.full': 'https://a.klaviyo.com/api/profiles?filter=equals(email,"jane@example.com")',
        'http.url': 'http://127.0.0.1/v1/people?email=jane',
        'http.target': '/v1/people?email=jane',
        'url.path': '/v1/people',
        'url.query': 'email=jane',
        'http.response.status_code': 200,
      }),
    );
    expect(attributes).toEqual({
      'url.full': 'https://a.klaviyo.com/api/profiles',
      'http.url': 'http://127.0.0.1/v1/people',
      'http.target': '/v1/people',
      'url.path': '/v1/people',
      'http.response.status_code': 200,
    });
  });

  it('drops the texts of exceptions and statuses, which quote data', () => {
    const cleaned = cleanSpan(span({}));
    expect(cleaned.events[0]?.attributes).toEqual({ 'exception.type': 'Error' });
    expect(cleaned.status).toEqual({ code: 2 });
  });

  it('removes an address from any other attribute', () => {
    expect(cleanSpan(span({ 'db.query.text': "select 'jane@example.com'" })).attributes['db.query.text']).toBe(
      "select '[removed]'",
    );
  });
});
