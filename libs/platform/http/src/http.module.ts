import type { AuthSettings } from '@courier/config';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AccessGuard } from './auth/access-guard';
import { TokenVerifier } from './auth/token-verifier';
import { HealthController, readinessToken, type ReadinessSource } from './health/health.controller';
import { ProblemFilter } from './problem-filter';
import { Fingerprints } from './repeat/fingerprints';
import { IdempotencyKeys } from './repeat/idempotency-keys';

export interface HttpOptions {
  auth: AuthSettings;
  /** Checks, or the classes of providers that are checks. */
  readiness: ReadinessSource[];
  /** A file with a secret that fingerprints of bodies are derived from; without it no Idempotency-Key is looked at. */
  fingerprintSecretFile?: string;
}

/** Tokens and roles on every route, problems for every failure, health and metrics. */
@Module({})
export class HttpModule {
  static forRoot({ auth, readiness, fingerprintSecretFile }: HttpOptions): DynamicModule {
    return {
      module: HttpModule,
      controllers: [HealthController],
      providers: [
        { provide: TokenVerifier, useFactory: () => TokenVerifier.from(auth) },
        { provide: readinessToken, useValue: readiness },
        { provide: APP_GUARD, useClass: AccessGuard },
        ...(fingerprintSecretFile === undefined ? [] : idempotencyKeys(fingerprintSecretFile)),
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}

function idempotencyKeys(secretFile: string): Provider[] {
  return [
    { provide: Fingerprints, useFactory: () => Fingerprints.fromFile(secretFile) },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyKeys },
  ];
}
