import type { IncomingMessage, ServerResponse } from 'node:http';
import { nameRoute } from '@courier/telemetry';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { stopOnSignals } from '../health/stop-on-signals';
import { jsonBodiesOnly } from '../input/json-bodies-only';
import { assignRequestId } from '../request-id';
import { type ApiDescription, documentOf } from './document';

const bodyLimit = '256kb';

/** Everything about HTTP that is set on the application rather than in a module. Before `app.listen`. */
export function setupHttp(app: NestExpressApplication, api: ApiDescription): void {
  app.disable('x-powered-by');
  // An ETag is a promise about If-Match, not a hash of the bytes.
  app.set('etag', false);
  // A query parameter is a text, or an array of texts when repeated; never a nested object that a schema did not expect.
  app.set('query parser', 'simple');
  app.use(nameRoute);
  app.use(assignRequestId);
  app.use(withoutRevalidation);
  app.use(jsonBodiesOnly);
  app.useBodyParser('json', { limit: bodyLimit, type: ['application/json', 'application/*+json'] });
  stopOnSignals(app);
  SwaggerModule.setup('docs', app, () => documentOf(app, api), { jsonDocumentUrl: 'docs-json' });
}

/** Express would answer 304 by the ETag alone, and what stands beside a resource (an export's last run) changes without its version. */
function withoutRevalidation(request: IncomingMessage, _response: ServerResponse, next: () => void): void {
  delete request.headers['if-none-match'];
  next();
}
