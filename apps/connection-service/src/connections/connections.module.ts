import { type DynamicModule, Module } from '@nestjs/common';
import { ExportsModule } from '../exports';
import { ConnectionChecksConsumer } from './connection-checks.consumer';
import { ConnectionChecksService } from './connection-checks.service';
import { ConnectionGauges } from './connection-gauges';
import { ConnectionRepublishingService } from './connection-republishing.service';
import { ConnectionSettings } from './connection-settings';
import { ConnectionsController } from './connections.controller';
import { ConnectionsRepository } from './connections.repository';
import { ConnectionsService } from './connections.service';
import { CredentialSealer } from './credential-sealer';

export interface ConnectionsOptions {
  profileLimitCeiling: number;
  /** JWKS files: our signing key, and the sink's public keys. */
  signingPrivateJwks: string;
  sinkPublicJwks: string;
}

@Module({})
export class ConnectionsModule {
  static forRoot({ profileLimitCeiling, ...keyFiles }: ConnectionsOptions): DynamicModule {
    return {
      module: ConnectionsModule,
      imports: [ExportsModule],
      controllers: [ConnectionsController, ConnectionChecksConsumer],
      providers: [
        { provide: ConnectionSettings, useValue: new ConnectionSettings(profileLimitCeiling) },
        { provide: CredentialSealer, useFactory: () => CredentialSealer.fromFiles(keyFiles) },
        ConnectionChecksService,
        ConnectionGauges,
        ConnectionRepublishingService,
        ConnectionsRepository,
        ConnectionsService,
      ],
    };
  }
}
