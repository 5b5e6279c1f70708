import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { connectIntake } from '..';
import type { IntakeStep } from '../intake/observer';
import { noteModule, type NoteService } from './note-service';

/** An instance of the note service in a process of its own, which kills itself at the step that it is given. */
async function main(): Promise<void> {
  // The spec holds the other end: a broken-off ring leaves no instance behind.
  process.stdin.resume().on('end', () => process.exit(1));
  const { dieAt, ...service } = JSON.parse(process.argv[2] ?? '{}') as NoteService & { dieAt: IntakeStep };
  const observer = {
    at: (step: IntakeStep) => {
      if (step === dieAt) process.kill(process.pid, 'SIGKILL');
      return Promise.resolve();
    },
  };
  const app = await NestFactory.create(noteModule({ ...service, observer }), { logger: false, abortOnError: false });
  connectIntake(app);
  await app.startAllMicroservices();
  await app.init();
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
