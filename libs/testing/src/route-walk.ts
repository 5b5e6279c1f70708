import type { Route } from './every-route';
import { badBodies } from './every-route';
import { fetchAnew } from './fetch-anew';

interface Sent {
  authorization?: string | null;
  contentType?: string;
  body?: string;
}

interface Answered {
  status: number;
  code: unknown;
  text: string;
  /** What a refusal must have and this answer has not; null where nothing is missing. */
  fault: string | null;
}

/**
 * Sends to every route what nobody should send. Each method gives the answers that were not as they must be, in words; none is
 * what a spec expects, beside `sent`, which tells that something was sent at all.
 */
export class RouteWalk {
  sent = 0;

  constructor(
    private readonly url: string,
    private readonly routes: (id: string) => Route[],
    /** What a body of such a route may be, and what must come back in no answer. */
    private readonly options: { bodyOf: (route: Route) => object; secret: string },
  ) {}

  tokens(bad: readonly { about: string; authorization: string | null }[], id: string): Promise<string[]> {
    return this.collect(this.routes(id), bad, async (route, { about, authorization }) => {
      return this.wrong(`with ${about}`, route, await this.send(route, { authorization }), [401]);
    });
  }

  roles(tokens: Readonly<Record<string, string>>, mayUse: (role: string, route: Route) => boolean): Promise<string[]> {
    const refused = this.routes('nope').flatMap((route) => {
      return Object.keys(tokens).flatMap((role) => (mayUse(role, route) ? [] : [{ role, route }]));
    });
    return this.collect(refused, [null], async ({ role, route }) => {
      return this.wrong(`as ${role}`, route, await this.send(route, { authorization: `Bearer ${tokens[role]}` }), [403]);
    });
  }

  ids(authorization: string, odd: readonly string[]): Promise<string[]> {
    return this.collect(odd, [null], async (id) => {
      const named = this.routes(id).filter(({ template }) => template.includes('{'));
      return this.collect(named, [null], async (route) => {
        return this.wrong(`of ${id.slice(0, 20)}`, route, await this.send(route, { authorization }), [400, 404]);
      });
    });
  }

  bodies(authorization: string, id: string): Promise<string[]> {
    const { secret } = this.options;
    const unknown = { about: 'an unknown field', contentType: 'application/json', status: 400, code: 'not_supported' };
    const bad = [...badBodies(secret), { ...unknown, body: JSON.stringify({ surprise: secret }) }];
    const withBody = this.routes(id).filter(({ hasBody }) => hasBody);
    return this.collect(withBody, bad, async (route, { about, contentType, body, status, code }) => {
      const answer = await this.send(route, { authorization, contentType, body });
      const named = about === unknown.about ? answer.text.includes(code) : answer.code === code;
      return named ? this.wrong(`with ${about}`, route, answer, [status]) : [`${route.method} ${route.template} ${answer.text}`];
    });
  }

  private async collect<Row, Column>(
    rows: readonly Row[],
    columns: readonly Column[],
    look: (row: Row, column: Column) => Promise<string[]>,
  ): Promise<string[]> {
    const found: string[] = [];
    for (const row of rows) for (const column of columns) found.push(...(await look(row, column)));
    return found;
  }

  private wrong(how: string, { method, template }: Route, answer: Answered, expected: readonly number[]): string[] {
    if (expected.includes(answer.status) && answer.fault === null) return [];
    return [`${method} ${template} ${how}: ${answer.status} ${String(answer.code)} ${answer.fault ?? ''}`];
  }

  private async send(route: Route, { authorization = null, contentType = 'application/json', body }: Sent): Promise<Answered> {
    this.sent += 1;
    const { method, path, hasBody } = route;
    const content = body ?? (hasBody ? JSON.stringify(this.options.bodyOf(route)) : null);
    const response = await fetchAnew(this.url + path, {
      method,
      headers: {
        ...(authorization === null ? {} : { authorization }),
        ...(content === null ? {} : { 'content-type': contentType }),
      },
      body: content,
    });
    const text = await response.text();
    const isProblem = response.headers.get('content-type')?.includes('application/problem+json') === true;
    const problem = isProblem ? (JSON.parse(text) as Record<string, unknown>) : {};
    const missing = ['status', 'code', 'detail', 'requestId', 'remedy'].find((field) => !(field in problem));
    const fault = text.includes(this.options.secret) ? 'repeats what was sent' : missing === undefined ? null : `no ${missing}`;
    return { status: response.status, code: problem['code'], text, fault };
  }
}
