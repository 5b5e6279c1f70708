import { Controller, Get } from '@nestjs/common';

/** Needs nothing but itself, so it is ready as soon as it listens. */
@Controller('health')
export class HealthController {
  @Get('live')
  live(): object {
    return { status: 'ok' };
  }

  @Get('ready')
  ready(): object {
    return { status: 'ok', checks: [] };
  }
}
