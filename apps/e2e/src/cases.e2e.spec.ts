import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { differenceFrom, type Observed } from './harness/case-outcome';
import { allCases, type Case, travel } from './harness/cases';

// Files and events after what people reported about systems of this kind. Each names the outcomes that it may have, cases/README.md
// says how; a folder beside the others is a case.
describe('an input that went wrong', () => {
  const cases = allCases();
  const observed = new Map<string, Promise<Observed>>();
  const matched: string[] = [];

  // All at once, since most of a journey is waiting; but the records that kafkajs cannot write come last, for they could hold up others.
  beforeAll(async () => {
    const together = async (chosen: Case[]) => {
      for (const given of chosen) observed.set(given.id, travel(given));
      await Promise.allSettled(observed.values());
    };
    await together(cases.filter(({ line }) => line === undefined));
    await together(cases.filter(({ line }) => line !== undefined));
  }, 900_000);

  afterAll(() => {
    process.stdout.write(`${matched.join('\n')}\n`);
  });

  it.each(cases.map((given) => [given.title, given] as const))('has an outcome that it may have: %s', async (title, given) => {
    const seen = await observed.get(given.id);
    if (seen === undefined) throw new Error('The journey did not begin');
    const differences = given.anyOf.map((outcome) => ({ outcome: outcome.name, difference: differenceFrom(outcome, seen) }));
    const found = differences.find(({ difference }) => difference === null);
    if (found === undefined) throw new Error([title, ...differences.map(told), shown(seen)].join('\n'));
    matched.push(`${given.id}: ${found.outcome}`);
  });
});

const told = ({ outcome, difference }: { outcome: string; difference: string | null }) => `- not "${outcome}": ${difference}`;

const shown = ({ created, run, deadLetter }: Observed) => JSON.stringify(run ?? deadLetter ?? created.body);
