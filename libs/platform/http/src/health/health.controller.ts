import { renderMetrics } from '@courier/telemetry';
import {
  Controller,
  Get,
  Header,
  HttpStatus,
  Inject,
  type OnModuleDestroy,
  type OnModuleInit,
  Res,
  type Type,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../auth/roles';
import { readinessOf, type ReadinessCheck, type ReadinessReport } from './readiness';

export const readinessToken = Symbol('readiness checks');
export type ReadinessSource = ReadinessCheck | Type<ReadinessCheck>;

@ApiExcludeController()
@Public()
@Controller()
export class HealthController implements OnModuleInit, OnModuleDestroy {
  private stopping = false;
  private readonly onSignal = () => (this.stopping = true);

  constructor(
    private readonly modules: ModuleRef,
    @Inject(readinessToken) private readonly sources: ReadinessSource[],
  ) {}

  /** By the signal itself: Nest's own hooks run one after the other, and the first may take seconds. */
  onModuleInit(): void {
    process.once('SIGTERM', this.onSignal).once('SIGINT', this.onSignal);
  }

  onModuleDestroy(): void {
    this.stopping = true;
    process.off('SIGTERM', this.onSignal).off('SIGINT', this.onSignal);
  }

  @Get('health/live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessReport> {
    const checks = this.sources.map((source) =>
      typeof source === 'function' ? this.modules.get<ReadinessCheck>(source, { strict: false }) : source,
    );
    const stopping: ReadinessCheck = { name: 'shutdown', check: () => Promise.resolve('the service is stopping') };
    const report = await readinessOf(this.stopping ? [...checks, stopping] : checks);
    response.status(report.status === 'not_ready' ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK);
    return report;
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return renderMetrics();
  }
}
