import 'reflect-metadata';
import { describeApi } from '@courier/http';
import { messagingControllers } from '@courier/messaging';
import { api, controllers } from './api';

/** Prints this service's OpenAPI document, for docs/openapi. */
async function main(): Promise<void> {
  process.stdout.write(`${JSON.stringify(await describeApi([...controllers, ...messagingControllers], api), null, 2)}\n`);
}

void main();
