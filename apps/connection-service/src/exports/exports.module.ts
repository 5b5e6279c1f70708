import { Module } from '@nestjs/common';
import { ExportsConsumer } from './exports.consumer';
import { ExportsRepository } from './exports.repository';

@Module({ controllers: [ExportsConsumer], providers: [ExportsRepository], exports: [ExportsRepository] })
export class ExportsModule {}
