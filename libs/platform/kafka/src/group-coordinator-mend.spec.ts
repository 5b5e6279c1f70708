import { expect, it } from '@jest/globals';
import { mendGroupCoordinator } from './group-coordinator-mend';

it('lets a consumer try again that finds no coordinator of its group', async () => {
  mendGroupCoordinator();
  const { prototype } = require('kafkajs/src/cluster') as {
    prototype: { findGroupCoordinatorMetadata(wanted: { groupId: string }): Promise<unknown> };
  };
  const withoutCoordinator = { brokerPool: { withBroker: () => Promise.resolve(undefined) } };
  const found = prototype.findGroupCoordinatorMetadata.call(withoutCoordinator as never, { groupId: 'spec' });
  await expect(found).rejects.toMatchObject({ name: 'KafkaJSGroupCoordinatorNotFound', retriable: true });
});
