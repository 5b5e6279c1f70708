import { createServer, type ListenOptions, type Server } from 'node:net';
import { StackError } from './stack-error';

/**
 * Below the range from which systems take ports for outgoing connections, so that a restarted process finds its old port free.
 */
const FIRST = 20_000;
const COUNT = 9_000;
const ATTEMPTS_MAX = 200;

/**
 * A port that stays bound until `release`. After that it stays claimed for as long as this process lives: a service that is down for a
 * moment must find its port free again, whatever other stack starts meanwhile.
 */
export interface ReservedPort {
  readonly port: number;
  release(): Promise<void>;
}

export async function reservePort(preferred?: number): Promise<ReservedPort> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const port = attempt === 0 && preferred !== undefined ? preferred : FIRST + Math.floor(Math.random() * COUNT);
    const server = await bind(port);
    if (server !== null) return { port, release: () => close(server) };
  }
  throw new StackError(`No free port between ${FIRST} and ${FIRST + COUNT}. End some of the programs that listen there.`);
}

const hasAbstractSockets = process.platform === 'linux';

async function bind(port: number): Promise<Server | null> {
  // A name in Linux' abstract socket namespace: seen by every stack on the machine and gone with the process that holds it. Other
  // systems have none; there a port is only safe while it is bound.
  const claim = hasAbstractSockets ? await listen({ path: `\0segment-courier-port-${port}` }) : undefined;
  if (claim === null) return null;
  // Without a host the port is bound on every address, as the services do it.
  const server = await listen({ port, exclusive: true });
  if (server === null && claim) await close(claim);
  return server;
}

function listen(options: ListenOptions): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(options, () => resolve(server.unref()));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
