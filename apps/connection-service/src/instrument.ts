import { startTelemetry } from '@courier/telemetry/start';
import { serviceName } from './service-name';

// The first import of main.ts: what OpenTelemetry instruments must not be loaded yet.
startTelemetry({ serviceName });
