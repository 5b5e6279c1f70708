import { Injectable } from '@nestjs/common';
import type { Connection } from './connection';
import { ChangeSignal } from './change-signal';
import { ConnectionStore } from './connection-store';

const LOOK_EVERY_MS = 500;

/** Waits until a connection's check has ended, whatever it found, or the caller's patience has. */
@Injectable()
export class AwaitCheck {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly changes: ChangeSignal,
  ) {}

  async execute(connection: Connection, waitMs: number): Promise<Connection> {
    if (waitMs === 0) return connection;
    const deadlineMs = performance.now() + waitMs;
    const wake = new WakeUp();
    const stopListening = await this.changes.listen(() => wake.call());
    try {
      for (let latest = connection; ;) {
        latest = (await this.connections.find(connection.id)) ?? latest;
        const remainingMs = deadlineMs - performance.now();
        if (latest.state !== 'verifying' || remainingMs <= 0) return latest;
        await wake.within(Math.min(remainingMs, LOOK_EVERY_MS));
      }
    } finally {
      stopListening();
    }
  }
}

/** A pause that a signal ends; one that came while nobody paused counts for the next pause. */
class WakeUp {
  private called = false;
  private resume: () => void = () => undefined;

  call(): void {
    this.called = true;
    this.resume();
  }

  async within(ms: number): Promise<void> {
    if (!this.called) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.resume = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.called = false;
  }
}
