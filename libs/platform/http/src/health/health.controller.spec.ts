import { describe, expect, it } from '@jest/globals';
import type { ModuleRef } from '@nestjs/core';
import type { Response } from 'express';
import { HealthController } from './health.controller';

const fine = { name: 'fine', check: () => Promise.resolve(null) };

describe('readiness', () => {
  it('answers 200 while something only waits, so that nobody takes the API away that decides about it', async () => {
    const waiting = { ...fine, waits: () => 'topic/0 is paused' };
    const statuses: number[] = [];
    const response = { status: (status: number) => statuses.push(status) } as unknown as Response;
    const report = await new HealthController({} as ModuleRef, [waiting]).ready(response);
    expect([report.status, ...statuses]).toEqual(['degraded', 200]);
  });

  it('is gone with the signal, while nothing has begun to end', async () => {
    const health = new HealthController({} as ModuleRef, [fine]);
    const statuses: number[] = [];
    const response = { status: (status: number) => statuses.push(status) } as unknown as Response;
    health.onModuleInit();
    try {
      expect(await health.ready(response)).toMatchObject({ status: 'ready' });
      process.emit('SIGTERM', 'SIGTERM');
      expect(await health.ready(response)).toMatchObject({ problems: { shutdown: 'the service is stopping' } });
      expect(statuses).toEqual([200, 503]);
    } finally {
      health.onModuleDestroy();
    }
  });
});
