import 'reflect-metadata';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type ApiDescription, documentOf } from './document';

@Module({})
class DescribedModule {}

/** The document of these controllers without the service around them: no database, no broker, no settings. */
export async function describeApi(controllers: Type[], api: ApiDescription): Promise<OpenAPIObject> {
  const needed = controllers.flatMap((one) => (Reflect.getMetadata('design:paramtypes', one) as Type[] | undefined) ?? []);
  const providers = [...new Set(needed)].map((provide) => ({ provide, useValue: {} }));
  const app = await NestFactory.create(
    { module: DescribedModule, controllers, providers },
    { logger: false, abortOnError: false },
  );
  try {
    return documentOf(app, api);
  } finally {
    await app.close();
  }
}
