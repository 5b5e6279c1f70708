import { Operation, problem, Roles, Write, type WriteRequest, ZodBody } from '@courier/http';
import { Controller, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { ReplayRuns, type ReplaySelection } from '../../use-cases/replay-runs';
import { replayCandidatesSchema, replaySelectionSchema, startedReplaySchema, startReplayRunsSchema } from './replay-schemas';

@Controller('v1/replays')
@Roles('administrator')
export class ReplaysController {
  constructor(private readonly replayRuns: ReplayRuns) {}

  @Post('plan')
  @HttpCode(200)
  @Operation('What repeating these runs would do; of each export only the newest is repeated', { 200: replayCandidatesSchema })
  async plan(
    @ZodBody(replaySelectionSchema) body: z.infer<typeof replaySelectionSchema>,
  ): Promise<z.infer<typeof replayCandidatesSchema>> {
    const candidates = await this.replayRuns.plan(selectionOf(body));
    return {
      runs: candidates.map(({ run, verdict, detail }) => ({
        runId: run.id,
        exportId: run.exportId,
        status: run.status,
        createdAt: run.createdAt.toISOString(),
        verdict,
        detail,
      })),
    };
  }

  @Post()
  @HttpCode(202)
  @Operation('Repeat runs: a full run of each export, with the snapshots of the newest run that is chosen', {
    202: startedReplaySchema,
  })
  async start(
    @ZodBody(startReplayRunsSchema) { reason, ...body }: z.infer<typeof startReplayRunsSchema>,
    @Write() { user, once }: WriteRequest,
  ): Promise<z.infer<typeof startedReplaySchema>> {
    if (once.earlier !== null) return { runIds: once.earlier.split(' ').filter((id) => id !== '') };
    return { runIds: await this.replayRuns.start(selectionOf(body), { by: user, reason }, once) };
  }
}

function selectionOf({ runId, exportId, segmentId, from, to, ...how }: z.infer<typeof replaySelectionSchema>): ReplaySelection {
  const chosen = [runId, exportId, segmentId, from, to];
  if (chosen.every((one) => one === undefined)) {
    throw problem(400, 'nothing_selected', 'No run, export, segment or time is named.', 'Name at least one of them.');
  }
  return {
    ...how,
    ...(runId === undefined ? {} : { runId }),
    ...(exportId === undefined ? {} : { exportId }),
    ...(segmentId === undefined ? {} : { segmentId }),
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: new Date(to) }),
  };
}
