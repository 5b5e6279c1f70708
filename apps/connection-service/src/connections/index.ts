export { ConnectionEntity } from './connection.entity';
export { ConnectionsController } from './connections.controller';
export { ConnectionsModule } from './connections.module';
