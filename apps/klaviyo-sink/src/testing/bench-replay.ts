import { topics } from '@courier/contracts';
import { serviceName } from '../service-name';
import type { DeliveryRequest } from '../deliveries/request-delivery';
import type { Announced, Sink, SinkBench } from './sink-bench';

export interface ReplayOptions {
  unfinishedOnly?: boolean;
  reason?: string;
}

let epochs = 0;

/** An operator's rewind as the intake claims it; its records are what the spec hands over. */
export class BenchReplay {
  private constructor(
    private readonly bench: SinkBench,
    private readonly sink: Sink,
    readonly epoch: number,
  ) {}

  static async begin(bench: SinkBench, sink: Sink, options: ReplayOptions = {}): Promise<BenchReplay> {
    epochs += 1;
    const { reason = null, unfinishedOnly = false } = options;
    await bench.dataSource.query(
      `INSERT INTO intake_positions (consumer, topic, partition, next_offset, highest_offset) VALUES ($1, $2, $3, 0, 10)`,
      [serviceName, topics.batches.name, epochs],
    );
    await bench.dataSource.query(
      `INSERT INTO intake_decisions
         (consumer, topic, epoch, partition, kind, from_offset, to_offset, actor, reason, unfinished_only, claimed_at)
       VALUES ($1, $2, $3, $3, 'rewind', 0, 10, 'ada', $4, $5, now())`,
      [serviceName, topics.batches.name, epochs, reason, unfinishedOnly],
    );
    return new BenchReplay(bench, sink, epochs);
  }

  async takeIn({ batch }: Announced): Promise<DeliveryRequest> {
    const taken = await this.bench.transaction((manager) => this.sink.requestDelivery.execute(manager, batch, this.epoch));
    this.sink.deliveries.wake();
    return taken;
  }

  async wasRead(): Promise<void> {
    await this.bench.dataSource.query('UPDATE intake_positions SET next_offset = 10 WHERE topic = $1 AND partition = $2', [
      topics.batches.name,
      this.epoch,
    ]);
    this.sink.replays.wake();
  }
}
