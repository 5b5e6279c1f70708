import { decodeCursor, Operation, problem, Roles, toPage, Write, type WriteRequest, ZodBody, ZodQuery } from '@courier/http';
import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import type { z } from 'zod';
import {
  deadLetterPageSchema,
  deadLetterQuerySchema,
  deadLetterSchema,
  type DeadLetterView,
  decisionSchema,
  retriedSchema,
  toView,
} from './dead-letter-schemas';
import { DeadLetterStore } from './dead-letter-store';
import { type Resolved, ResolveDeadLetter } from './resolve-dead-letter';

/** The records that this service could not use. A retry reads the record at its source: nobody writes into a topic of another service. */
@Controller('v1/dead-letters')
@Roles('administrator')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLetterStore,
    private readonly resolveDeadLetter: ResolveDeadLetter,
  ) {}

  @Get()
  @Operation(
    'List the records that this service could not use, newest first',
    { 200: deadLetterPageSchema },
    { problems: { 400: 'invalid_request, invalid_cursor' } },
  )
  async list(
    @ZodQuery(deadLetterQuerySchema) query: z.infer<typeof deadLetterQuerySchema>,
  ): Promise<z.infer<typeof deadLetterPageSchema>> {
    const { cursor, limit, state, topic } = query;
    const rows = await this.letters.list({
      ...(state === undefined ? {} : { state }),
      ...(topic === undefined ? {} : { topic }),
      ...(cursor === undefined ? {} : { before: decodeCursor(cursor) }),
      limit: limit + 1,
    });
    return toPage(rows, limit, toView);
  }

  @Get(':id')
  @Operation('Read a dead letter', { 200: deadLetterSchema }, { problems: { 404: 'dead_letter_not_found' } })
  async read(@Param('id', idPipe()) id: string): Promise<DeadLetterView> {
    const letter = await this.letters.find(id);
    if (letter === null) throw notFound();
    return toView(letter);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @Operation(
    'Take the record in again, from its place in its topic',
    { 200: retriedSchema },
    { problems: { 404: 'dead_letter_not_found', 409: 'dead_letter_resolved, record_past_retention, record_changed' } },
  )
  async retry(
    @Param('id', idPipe()) id: string,
    @ZodBody(decisionSchema) { reason }: z.infer<typeof decisionSchema>,
    @Write() { user: by, once }: WriteRequest,
  ): Promise<z.infer<typeof retriedSchema>> {
    if (once.earlier !== null) return retriedSchema.parse({ result: once.earlier, deadLetter: await this.read(id) });
    const resolved = await this.resolveDeadLetter.retry(id, { by, reason, once });
    if (resolved.kind !== 'retried') throw refusal(resolved);
    return { result: resolved.result, deadLetter: toView(resolved.letter) };
  }

  @Post(':id/discard')
  @HttpCode(200)
  @Operation(
    'Give the record up for good',
    { 200: deadLetterSchema },
    { problems: { 404: 'dead_letter_not_found', 409: 'dead_letter_resolved' } },
  )
  async discard(
    @Param('id', idPipe()) id: string,
    @ZodBody(decisionSchema) { reason }: z.infer<typeof decisionSchema>,
    @Write() { user: by, once }: WriteRequest,
  ): Promise<DeadLetterView> {
    if (once.earlier !== null) return this.read(id);
    const resolved = await this.resolveDeadLetter.discard(id, { by, reason, once });
    if (resolved.kind !== 'discarded') throw refusal(resolved);
    return toView(resolved.letter);
  }
}

function refusal(resolved: Resolved): Error {
  switch (resolved.kind) {
    case 'resolved_before':
      return problem(409, 'dead_letter_resolved', `The dead letter was ${resolved.state} before.`, 'Nothing is left to do.');
    case 'record_gone':
      return problem(
        409,
        'record_past_retention',
        'The topic does not hold the record any more.',
        'Have the event sent again, or run the export by hand; then discard this dead letter.',
      );
    case 'record_changed':
      return problem(
        409,
        'record_changed',
        'Another record lies where this one was: the topic was made anew.',
        'Have the event sent again, or run the export by hand; then discard this dead letter.',
      );
    case 'not_found':
    case 'retried':
    case 'discarded':
      return notFound();
  }
}

function idPipe(): ParseUUIDPipe {
  return new ParseUUIDPipe({ exceptionFactory: notFound });
}

function notFound(): Error {
  return problem(
    404,
    'dead_letter_not_found',
    'No dead letter of this service has this id.',
    'Choose one of GET /v1/dead-letters.',
  );
}
