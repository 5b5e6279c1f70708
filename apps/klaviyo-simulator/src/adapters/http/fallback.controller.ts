import { All, Controller, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import { operations, type Operation } from '../../domain/operations';
import { notFound, refuseWith, type Refusal } from '../../domain/refusal';
import { Gate } from './gate';

const known: readonly Operation[] = Object.values(operations);

/** What no other controller takes: a wrong method on a known path, or a part of Klaviyo that is not simulated. */
@Controller('api')
@UseGuards(Gate)
export class FallbackController {
  @All('*path')
  refuse(@Req() request: Request): never {
    throw this.refusal(request);
  }

  private refusal(request: Request): Refusal {
    const path = request.path.replace(/\/$/, '');
    const methods = known.filter((operation) => patternOf(operation.path).test(path)).map((operation) => operation.method);
    if (methods.length === 0) return notFound('The requested resource is not simulated.');
    return refuseWith(405, `Method "${request.method}" not allowed.`, { Allow: [...new Set(methods)].join(', ') });
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);
}
