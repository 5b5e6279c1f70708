import 'reflect-metadata';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';
import type { SimulatorConfig } from './config';

/** Longer than any client keeps a connection unused, so that no call meets a socket that is just being closed. */
const KEEP_ALIVE_MS = 75_000;

export interface RunningSimulator {
  url: string;
  close(): Promise<void>;
}

export async function startSimulator(config: SimulatorConfig, logger: LoggerService | false): Promise<RunningSimulator> {
  // Bodies are read by the handlers, by Klaviyo's rules; open connections must not hold up the end.
  const options = { bodyParser: false, forceCloseConnections: true, logger };
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forSeed(config.seed), options);
  app.disable('x-powered-by');
  app.disable('etag');
  const server = app.getHttpServer();
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 5000;
  await app.listen(config.port, config.host);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  return { url: `http://${config.host}:${port}`, close: () => app.close() };
}
