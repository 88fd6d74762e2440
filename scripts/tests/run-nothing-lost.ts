import { runCampaign, summary } from '../../tests/nothing-lost/campaign.ts';
import { emptyTally } from './test-report.ts';
import type { Tally } from './test-report.ts';

/** Runs so many seeds from a first one on, showing each run, and counts the runs of which a promise was broken as failed. */
export async function runNothingLost(runs: string, seed: string): Promise<Tally> {
  const [count, first] = [Number(runs), Number(seed)];
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(first) || count < 1 || first < 0)
    throw new Error(`--runs and --seed take natural numbers, not ${runs} and ${seed}`);
  const seeds = Array.from({ length: count }, (_, index) => first + index);
  const report = await runCampaign({ seeds, say: (line) => console.log(line) });
  for (const { seed: broken, message } of report.failures) console.log(`broken: seed ${broken}: ${message}`);
  console.log(summary(report));
  const failed = new Set(report.failures.map((failure) => failure.seed)).size;
  return { ...emptyTally, passed: report.seeds.length - failed, failed };
}
