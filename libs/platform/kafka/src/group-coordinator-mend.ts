interface Cluster {
  findGroupCoordinatorMetadata(wanted: { groupId: string; coordinatorType?: number }): Promise<unknown>;
  mended?: true;
}

/**
 * A broker that is shutting down knows no coordinator any more. kafkajs 2.2.4 takes that for an error that nothing can heal, and the
 * consumer of a running service crashes for good; it is one that passes.
 */
export function mendGroupCoordinator(): void {
  const { prototype } = require('kafkajs/src/cluster') as { prototype: Cluster };
  if (prototype.mended) return;
  const original = prototype.findGroupCoordinatorMetadata;
  prototype.findGroupCoordinatorMetadata = async function (this: Cluster, wanted) {
    try {
      return await original.call(this, wanted);
    } catch (error) {
      if ((error as Error).name === 'KafkaJSGroupCoordinatorNotFound') Object.assign(error as Error, { retriable: true });
      throw error;
    }
  };
  prototype.mended = true;
}
