import { describe, expect, it } from '@jest/globals';
import { PROFILE_COUNT_BUCKET } from './operations';
import { RateWindows } from './rate-windows';

const minute = 1_800_000_000_000 - (1_800_000_000_000 % 60_000);

describe('RateWindows', () => {
  it('admits the burst within one clock second and refuses the next call until that second ends', () => {
    const windows = new RateWindows();
    for (let call = 0; call < 10; call += 1) {
      const admission = windows.take('A', ['bulk_import_profiles'], minute + 400);
      expect(admission).toEqual({ admitted: true, tier: { burst: 10, steady: 150 }, remaining: 9 - call });
    }
    expect(windows.take('A', ['bulk_import_profiles'], minute + 999)).toEqual({ admitted: false, retryAfterSeconds: 1 });
    expect(windows.take('A', ['bulk_import_profiles'], minute + 1000)).toMatchObject({ admitted: true, remaining: 9 });
  });

  it('refuses beyond the minute quota and names the seconds left of that minute', () => {
    const windows = new RateWindows();
    for (let second = 0; second < 15; second += 1) windows.take('A', ['get_accounts'], minute + second * 1000);
    expect(windows.take('A', ['get_accounts'], minute + 20_500)).toEqual({ admitted: false, retryAfterSeconds: 40 });
    expect(windows.take('A', ['get_accounts'], minute + 60_000)).toMatchObject({ admitted: true });
  });

  it('does not count refused calls', () => {
    const windows = new RateWindows();
    for (let second = 0; second < 14; second += 1) {
      for (let call = 0; call < 5; call += 1) windows.take('A', ['get_accounts'], minute + second * 1000);
    }
    expect(windows.take('A', ['get_accounts'], minute + 14_000)).toMatchObject({ admitted: true });
    expect(windows.take('A', ['get_accounts'], minute + 15_000)).toMatchObject({ admitted: false });
  });

  it('keeps accounts and operations apart', () => {
    const windows = new RateWindows();
    windows.take('A', ['get_accounts'], minute);
    expect(windows.take('B', ['get_accounts'], minute)).toMatchObject({ admitted: true });
    expect(windows.take('A', ['get_lists'], minute)).toMatchObject({ admitted: true });
    expect(windows.take('A', ['get_accounts'], minute)).toMatchObject({ admitted: false });
  });

  it('takes from all buckets of a call or from none', () => {
    const windows = new RateWindows();
    const both = ['get_list', PROFILE_COUNT_BUCKET];
    expect(windows.take('A', both, minute)).toMatchObject({ admitted: true, tier: { burst: 1, steady: 15 }, remaining: 0 });
    expect(windows.take('A', both, minute)).toMatchObject({ admitted: false });
    expect(windows.take('A', ['get_list'], minute)).toMatchObject({ admitted: true, remaining: 73 });
  });

  it('lets foreign traffic use up the shared quota', () => {
    const windows = new RateWindows();
    windows.consume('A', 'bulk_import_profiles', 150, minute);
    expect(windows.take('A', ['bulk_import_profiles'], minute + 30_000)).toEqual({ admitted: false, retryAfterSeconds: 30 });
  });

  it('refuses nothing while switched off', () => {
    const windows = new RateWindows();
    windows.enabled = false;
    for (let call = 0; call < 500; call += 1)
      expect(windows.take('A', ['get_accounts'], minute)).toMatchObject({ admitted: true });
  });
});
