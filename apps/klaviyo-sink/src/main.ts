import './instrument';
import 'reflect-metadata';
import { loadConfig } from '@courier/config';
import { setupHttp } from '@courier/http';
import { connectIntake } from '@courier/messaging';
import { exitOnFailure, serviceLogger } from '@courier/telemetry';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { api } from './api';
import { AppModule } from './app.module';
import { configSchema } from './config';
import { serviceName } from './service-name';

async function main(): Promise<void> {
  const config = loadConfig(configSchema);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
    logger: serviceLogger({ serviceName, level: config.LOG_LEVEL }),
  });
  setupHttp(app, api);
  connectIntake(app);
  // First: the intake may wait for the session of an instance that was killed, and HTTP has nothing to wait for.
  await app.listen(config.PORT, config.HOST);
  await app.startAllMicroservices();
}

main().catch(exitOnFailure);
