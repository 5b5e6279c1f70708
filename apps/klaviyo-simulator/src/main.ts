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
  const stop = (exitCode: number): void => {
    setTimeout(() => process.exit(exitCode), STOP_MS_MAX).unref();
    void simulator.close().then(() => process.exit(exitCode));
  };
  process.once('SIGTERM', () => stop(0));
  // Only SIGTERM says that it is to stay down.
  process.once('SIGINT', () => stop(130));
  logger.log(`simulated Klaviyo listens on ${simulator.url}`, 'Simulator');
}

void main();
