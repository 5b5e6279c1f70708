import { type DynamicModule, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { LoggingOptions } from './pino-options';
import { stopTelemetry } from './running-telemetry';
import { loggerParams } from './service-logger';

@Injectable()
class TelemetryShutdown implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await stopTelemetry();
  }
}

/** Request logging, and the last spans sent at shutdown. */
@Module({})
export class TelemetryModule {
  static forRoot(options: LoggingOptions): DynamicModule {
    return {
      module: TelemetryModule,
      global: true,
      imports: [LoggerModule.forRoot(loggerParams(options))],
      providers: [TelemetryShutdown],
    };
  }
}
