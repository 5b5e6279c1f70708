import { pageQuerySchema, rejectedProfileSchema, rejectedStages, type RejectedProfile } from '@courier/contracts';
import { CurrentUser, invalidCursor, Operation, problem, Roles, type User, ZodQuery } from '@courier/http';
import { AppError } from '@courier/kernel';
import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { editRefusal } from '../../domain/permissions';
import { masked } from '../../domain/rejected-profile';
import { ConnectionStore } from '../../ports/connection-store';
import { ExportStore } from '../../ports/export-store';
import { RunStore } from '../../ports/run-store';
import { firstPlace, ListRejectedProfiles, type PlacedProfile, type RejectedPlace } from '../../use-cases/list-rejected-profiles';
import { csvHead, csvLine } from './rejected-profiles-csv';
import { idPipe } from './export-problems';
import { runNotFound } from './runs.controller';

const querySchema = z.strictObject({
  stage: z.enum(rejectedStages).optional(),
  code: z.string().min(1).max(100).optional(),
  /** 50 in a page; CSV and NDJSON give everything unless told. */
  limit: z.coerce.number().int().min(1).max(200).optional(),
  cursor: pageQuerySchema.shape.cursor,
});

const profilePageSchema = z.object({ items: z.array(rejectedProfileSchema), nextCursor: z.string().nullable() }).meta({
  // Nobody is shown here: an example with a person in it would be one more place with addresses.
  example: { items: [], nextCursor: null },
});

const PAGE = 50;
const formats = {
  'application/json': null,
  'text/csv': { head: csvHead, line: csvLine, extension: 'csv' },
  'application/x-ndjson': { head: '', line: (profile: RejectedProfile) => `${JSON.stringify(profile)}\n`, extension: 'ndjson' },
} as const;
type Format = keyof typeof formats;

/** The only answer that carries profiles: they come out of staging, go into this response and stay nowhere. */
@Controller('v1')
export class RejectedProfilesController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: RunStore,
    private readonly exports: ExportStore,
    private readonly connections: ConnectionStore,
    private readonly listRejectedProfiles: ListRejectedProfiles,
  ) {}

  @Get('runs/:id/rejected-profiles')
  @Roles('administrator', 'contributor', 'viewer')
  @Header('Cache-Control', 'no-store')
  @Operation(
    'Everybody of a run who was not delivered, as JSON pages, CSV or NDJSON; masked for those who may not edit the export',
    { 200: profilePageSchema },
    {
      problems: {
        400: 'invalid_request, invalid_cursor',
        404: 'run_not_found',
        406: 'not_acceptable',
        410: 'rejected_profiles_expired',
      },
    },
  )
  async list(
    @Param('id', idPipe(runNotFound)) id: string,
    @ZodQuery(querySchema) query: z.infer<typeof querySchema>,
    @CurrentUser() user: User,
    @Res() response: Response,
  ): Promise<void> {
    const format = response.req.accepts(Object.keys(formats)) as Format | false;
    if (format === false) throw notAcceptable();
    const run = await this.runs.find(this.dataSource.manager, id);
    if (run === null) throw runNotFound();
    const { stage, code, cursor, limit } = query;
    const filter = { ...(stage === undefined ? {} : { stage }), ...(code === undefined ? {} : { code }) };
    const found = this.listRejectedProfiles.execute(run, filter, placeOf(cursor));
    const isOpen = await this.sees(user, run.exportId);
    const shown = (profile: RejectedProfile) => (isOpen ? profile : masked(profile));
    const stream = formats[format];
    if (stream === null) {
      response.json(await pageOf(found, limit ?? PAGE, shown));
      return;
    }
    const lines = await begun(linesOf(found, limit ?? Number.POSITIVE_INFINITY, (profile) => stream.line(shown(profile))));
    // attachment() guesses a type from the name, and knows none for NDJSON.
    response.attachment(`rejected-${id}.${stream.extension}`).type(format);
    response.write(stream.head);
    await pipeline(Readable.from(lines), response);
  }

  /** Who may edit the export sees its people as they are. */
  private async sees(user: User, exportId: string): Promise<boolean> {
    const { manager } = this.dataSource;
    const exported = await this.exports.find(manager, exportId);
    const connectionId = exported?.connectionId ?? null;
    const connection = connectionId === null ? null : await this.connections.find(manager, connectionId);
    return exported !== null && editRefusal(user, exported, connection) === null;
  }
}

async function pageOf(found: AsyncGenerator<PlacedProfile>, limit: number, shown: (profile: RejectedProfile) => RejectedProfile) {
  const placed: PlacedProfile[] = [];
  try {
    for await (const one of found) {
      placed.push(one);
      if (placed.length > limit) break;
    }
  } catch (error) {
    throw expiredOr(error);
  }
  const items = placed.slice(0, limit).map(({ profile }) => shown(profile));
  const last = placed[limit - 1];
  return { items, nextCursor: placed.length > limit && last !== undefined ? `${last.next.source}.${last.next.entry}` : null };
}

async function* linesOf(
  found: AsyncGenerator<PlacedProfile>,
  limit: number,
  line: (profile: RejectedProfile) => string,
): AsyncGenerator<string> {
  let given = 0;
  for await (const { profile } of found) {
    yield line(profile);
    given += 1;
    if (given >= limit) return;
  }
}

/** The lines once the first one is there: objects that are gone are told with a status, not by a torn answer. */
async function begun(lines: AsyncGenerator<string>): Promise<AsyncGenerator<string>> {
  const first = await lines.next().catch((error: unknown) => {
    throw expiredOr(error);
  });
  return (async function* () {
    if (first.done !== true) yield first.value;
    yield* lines;
  })();
}

function placeOf(cursor: string | undefined): RejectedPlace {
  if (cursor === undefined) return firstPlace;
  if (!/^\d{1,7}\.\d{1,9}$/.test(cursor)) throw invalidCursor();
  const [source = 0, entry = 0] = cursor.split('.').map(Number);
  return { source, entry };
}

function expiredOr(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'staged_object_missing') return error;
  return problem(
    410,
    'rejected_profiles_expired',
    'The rejected profiles of this run are past their time and were removed.',
    'The counts and reasons of the run stay. Run the export again to see who is not delivered now.',
  );
}

function notAcceptable(): Error {
  return problem(
    406,
    'not_acceptable',
    'The list comes in none of these types.',
    'Accept application/json, text/csv or application/x-ndjson.',
  );
}
