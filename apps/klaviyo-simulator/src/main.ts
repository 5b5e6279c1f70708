import { ConsoleLogger } from '@nestjs/common';
import { readConfig, SettingsError, type SimulatorConfig } from './config';
import { startSimulator } from './start-simulator';

const STOP_MS_MAX = 1500;

function configured(): SimulatorConfig {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}

async function main(): Promise<void> {
  const config = configured();
  const logger = new ConsoleLogger({ json: true, logLevels: ['log', 'warn', 'error'] });
  const simulator = await startSimulator(config, logger);
  const stop = (): void => {
    setTimeout(() => process.exit(0), STOP_MS_MAX).unref();
    void simulator.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  logger.log(`simulated Klaviyo listens on ${simulator.url}`, 'Simulator');
}

void main();
