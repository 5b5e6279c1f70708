import { Controller, Get, Param, Post, UseGuards } from '@nestjs/common';
import { matchesText, parseFilter, type FilterRules } from '../../domain/filter';
import type { ImportJob } from '../../domain/import-job';
import { notFound } from '../../domain/refusal';
import { World } from '../../domain/world';
import { AcceptImportJob } from '../../use-cases/accept-import-job';
import { JobTicker } from '../schedule/job-ticker';
import { readBody } from './body';
import { CurrentExchange, type Exchange, Simulates } from './exchange';
import { Gate } from './gate';
import { cursorNumber, pageLinks, readChoices, readFields, readPage, readSort } from './pages';
import { importErrorFields, jobFields, listFields, renderImportError, renderJob, renderList } from './resources';

// "cancelled" is a state but no filter value.
const filters: FilterRules = { status: { operators: ['any', 'equals'], values: ['queued', 'processing', 'complete'] } };

@Controller('api/profile-bulk-import-jobs')
@UseGuards(Gate)
export class ImportJobsController {
  constructor(
    private readonly world: World,
    private readonly acceptImportJob: AcceptImportJob,
    private readonly ticker: JobTicker,
  ) {}

  @Post()
  @Simulates('bulk_import_profiles')
  async create(@CurrentExchange() exchange: Exchange): Promise<void> {
    const { knobs } = this.world;
    const fields = readFields(exchange, 'profile-bulk-import-job', jobFields);
    const body = await readBody(exchange.request, { bytesMax: knobs.bodyBytesMax, tooLarge: knobs.tooLargeBody });
    const account = exchange.owner;
    const counted = (rows: number) => void (exchange.rows = rows);
    const job = this.acceptImportJob.execute({ account, body, now: Date.now(), counted });
    exchange.jobId = job.id;
    const data = renderJob(exchange, job, { knobs, fields });
    exchange.answer(202, { data, links: { self: exchange.self } });
    this.ticker.start(account, job);
  }

  @Get()
  @Simulates('get_bulk_import_profiles_jobs')
  list(@CurrentExchange() exchange: Exchange): void {
    const { knobs } = this.world;
    const page = readPage(exchange, { standard: 20, max: 100 });
    const { descending } = readSort(exchange, ['created_at'], 'created_at');
    const conditions = parseFilter(exchange.query.get('filter'), filters, knobs.filterAnyMax);
    const fields = readFields(exchange, 'profile-bulk-import-job', jobFields);
    const after = cursorNumber(page);
    const live = exchange.owner.liveJobs(Date.now(), knobs.jobLifetimeMs);
    if (descending) live.reverse();
    // By sequence and not by place: jobs change state, and so leave the filter, between two pages.
    const found = live.filter(
      (job) =>
        matchesText(conditions, 'status', job.status) &&
        (after === null || (descending ? job.sequence < after : job.sequence > after)),
    );
    const cut = found.slice(0, page.size);
    const next = found.length > page.size ? String(cut.at(-1)?.sequence) : null;
    const data = cut.map((job) => renderJob(exchange, job, { knobs, fields }));
    exchange.answer(200, { data, links: pageLinks(exchange, next) });
  }

  @Get(':id')
  @Simulates('get_bulk_import_profiles_job')
  one(@CurrentExchange() exchange: Exchange, @Param('id') id: string): void {
    const { knobs } = this.world;
    const fields = readFields(exchange, 'profile-bulk-import-job', jobFields);
    const ofLists = readFields(exchange, 'list', listFields);
    const included = readChoices(exchange, 'include', ['lists']);
    const job = this.find(exchange, id);
    const lists = job.listIds.flatMap((listId) => exchange.owner.lists.get(listId) ?? []);
    exchange.answer(200, {
      data: renderJob(exchange, job, { knobs, fields }),
      ...(included
        ? { included: lists.map((list) => renderList(exchange, list, { fields: ofLists, counted: false, flows: false })) }
        : {}),
      links: { self: exchange.self },
    });
  }

  @Get(':id/import-errors')
  @Simulates('get_errors_for_bulk_import_profiles_job')
  errors(@CurrentExchange() exchange: Exchange, @Param('id') id: string): void {
    const { knobs } = this.world;
    const page = readPage(exchange, { standard: 20, max: 100 });
    const fields = readFields(exchange, 'import-error', importErrorFields);
    const job = this.find(exchange, id);
    const start = cursorNumber(page) ?? 0;
    const end = start + page.size;
    const data = job.errors.slice(start, end).map((error) => renderImportError(error, { knobs, fields }));
    exchange.answer(200, { data, links: pageLinks(exchange, end < job.errors.length ? String(end) : null) });
  }

  private find(exchange: Exchange, id: string): ImportJob {
    exchange.owner.liveJobs(Date.now(), this.world.knobs.jobLifetimeMs);
    const job = exchange.owner.jobs.get(id);
    if (!job) throw notFound(`A bulk profile import job with id ${id} does not exist.`);
    exchange.jobId = id;
    return job;
  }
}
