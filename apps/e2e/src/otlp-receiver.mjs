// An OTLP/HTTP receiver for the ring: every span that a service exports, one JSON line each, as it came over the wire.
import { appendFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname } from 'node:path';

const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** Resolves to the address for OTEL_EXPORTER_OTLP_ENDPOINT and the function that ends the receiver. */
export async function receiveSpans(file) {
  mkdirSync(dirname(file), { recursive: true });
  const server = createServer((request, response) => {
    const parts = [];
    let bytes = 0;
    request.on('data', (part) => {
      bytes += part.length;
      if (bytes <= BODY_BYTES_MAX) parts.push(part);
    });
    request.on('end', () => {
      for (const line of spanLines(Buffer.concat(parts).toString('utf8'))) appendFileSync(file, line);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  // Exporters keep their connections. One that is closed just as spans go out on it would cost a spec its trace.
  server.keepAliveTimeout = 0;
  // They are the ring's, not those of the spec file during which an exporter happens to connect.
  server.on('connection', (socket) => socket.unref());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The service's name stands with the resource; each line carries it, and the span's attributes as a plain object. */
function* spanLines(body) {
  for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans ?? []) {
    const service = plain(resource?.attributes)['service.name'];
    for (const { spans } of scopeSpans ?? []) {
      for (const span of spans ?? []) yield `${JSON.stringify({ service, ...span, attributes: plain(span.attributes) })}\n`;
    }
  }
}

function plain(attributes = []) {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
