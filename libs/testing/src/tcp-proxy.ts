import { createServer, type Server, Socket } from 'node:net';

export interface Slowness {
  /** Waited before each chunk is passed on, in both directions. */
  latencyMs?: number;
  bytesPerSecond?: number;
}

/**
 * Below the range from which systems take ports for outgoing connections, and above the ports of stacks: while a proxy is down, nobody
 * is given its port.
 */
const PORT_MIN = 29_000;
const PORTS = 3_000;
const PORT_TRIES_MAX = 50;

/** `answers`: what the client says still arrives, a COMMIT for example. */
export type Swallowed = 'everything' | 'answers';

/** One client's connection and its other half; either may be gone while the other one does not know. */
class Passage {
  /** A direction that swallowed anything stays dead: what TCP has lost without a reset never comes back. */
  private readonly dead = new Set<Socket>();
  private readonly server = new Socket();

  constructor(
    private readonly proxy: TcpProxy,
    private readonly client: Socket,
    port: number,
  ) {
    this.server.connect(port, '127.0.0.1');
    this.pass(client, this.server);
    this.pass(this.server, client);
  }

  swallow(what: Swallowed): void {
    this.dead.add(this.server);
    if (what === 'everything') this.dead.add(this.client);
  }

  reset(): void {
    for (const socket of [this.client, this.server]) socket.resetAndDestroy();
  }

  private pass(from: Socket, to: Socket): void {
    let last = Promise.resolve();
    from.setNoDelay(true);
    from.on('data', (chunk: Buffer) => {
      if (this.dead.has(from)) return;
      const pauseMs = this.proxy.pauseFor(chunk.length);
      if (pauseMs === 0 && !from.isPaused()) {
        to.write(chunk);
        return;
      }
      from.pause();
      last = last.then(async () => {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        if (!this.dead.has(from)) to.write(chunk);
        from.resume();
      });
    });
    // An end is news as well: nothing of it passes a dead connection.
    from.on('end', () => void last.then(() => this.dead.has(from) || to.end()));
    from.on('close', () => this.dead.has(from) || to.destroy());
    from.on('error', () => undefined);
  }
}

/**
 * Stands between a client and a server on this machine and spoils the network between them: slow, away, resetting, or half-open
 * (connections that look alive and carry nothing). It keeps its port over all of that.
 */
export class TcpProxy {
  private passages: Passage[] = [];
  private slowness: Slowness = {};
  private swallowing: Swallowed | null = null;
  private server: Server | null = null;
  private listenPort = 0;

  private constructor(private readonly targetPort: number) {}

  static async start(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    for (let tries = 1; ; tries += 1) {
      proxy.listenPort = PORT_MIN + Math.floor(Math.random() * PORTS);
      try {
        await proxy.listen();
        return proxy;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tries === PORT_TRIES_MAX) throw error;
      }
    }
  }

  get port(): number {
    return this.listenPort;
  }

  slow(slowness: Slowness): void {
    this.slowness = slowness;
  }

  /** From now on nothing passes and nobody is told: connections of now and new ones look alive. */
  swallow(what: Swallowed = 'everything'): void {
    this.swallowing = what;
    for (const passage of this.passages) passage.swallow(what);
  }

  /** Cuts every connection of now by a reset; new ones pass. */
  reset(): void {
    for (const passage of this.passages.splice(0)) passage.reset();
  }

  /** Cuts every connection and refuses new ones. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = null;
    const closed = new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
    this.reset();
    await closed;
  }

  /** New connections pass as if nothing had been; those that were swallowed stay dead. */
  async heal(): Promise<void> {
    this.slowness = {};
    this.swallowing = null;
    if (this.server === null) await this.listen();
  }

  async stop(): Promise<void> {
    await this.down();
  }

  pauseFor(bytes: number): number {
    const { latencyMs = 0, bytesPerSecond } = this.slowness;
    return latencyMs + (bytesPerSecond === undefined ? 0 : (bytes / bytesPerSecond) * 1_000);
  }

  private async listen(): Promise<void> {
    const server = createServer((client) => {
      const passage = new Passage(this, client, this.targetPort);
      if (this.swallowing !== null) passage.swallow(this.swallowing);
      this.passages.push(passage);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.listenPort, '127.0.0.1', resolve);
    });
    this.server = server;
  }
}
