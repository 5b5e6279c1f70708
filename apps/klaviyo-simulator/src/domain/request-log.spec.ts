import { describe, expect, it } from '@jest/globals';
import { maskedQuery, RequestLog } from './request-log';

describe('maskedQuery', () => {
  it('hides every address and cursor but keeps what shows how a caller asks', () => {
    const query = new URLSearchParams([
      ['filter', 'any(email,["ada@x.org","b@x.org"])'],
      ['page[size]', '100'],
      ['page[cursor]', 'bmV4dA=='],
      ['sort', '-created_at'],
      ['odd', 'ada@x.org'],
    ]);
    expect(maskedQuery(query)).toEqual({
      filter: 'any(email,["*","*"])',
      'page[size]': '100',
      'page[cursor]': '*',
      sort: '-created_at',
      odd: '*',
    });
  });

  it('masks addresses that are badly quoted', () => {
    expect(JSON.stringify(maskedQuery(new URLSearchParams([['filter', "equals(email,'ada@x.org')"]])))).not.toContain('ada');
    expect(JSON.stringify(maskedQuery(new URLSearchParams([['filter', 'equals(email,"ada@x.org)']])))).not.toContain('ada');
    expect(JSON.stringify(maskedQuery(new URLSearchParams([['filter', 'equals(email,ada@x.org)']])))).not.toContain('ada');
  });

  it('keeps the states of a job filter', () => {
    const filter = 'any(status,["queued","processing"])';
    expect(maskedQuery(new URLSearchParams([['filter', filter]]))).toEqual({ filter });
  });
});

describe('RequestLog', () => {
  const entry = (operation: 'get_lists' | null, status: number | null) => ({
    ...{
      at: '',
      method: 'GET',
      path: '/',
      query: {},
      account: null,
      fault: null,
      profiles: null,
      jobId: null,
      tookMs: 1,
      traceHeaders: [],
    },
    operation,
    status,
  });

  it('counts every call and forgets only old entries', () => {
    const log = new RequestLog();
    for (let i = 0; i < 30_000; i += 1) log.add(entry('get_lists', 200));
    log.add(entry('get_lists', null));
    log.add(entry(null, 404));
    expect(log.totals()).toEqual({
      get_lists: { total: 30_001, byStatus: { '200': 30_000, none: 1 } },
      unknown: { total: 1, byStatus: { '404': 1 } },
    });
    expect(log.page(0, 30_000, null).length).toBeLessThanOrEqual(22_000);
    expect(log.page(30_000, 10, null).map((found) => found.status)).toEqual([null, 404]);
  });
});
