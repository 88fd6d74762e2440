// A few of the runs of tests/nothing-lost, one for each thing that can go wrong: `./playhouse test --nothing-lost` has them all.
import { expect, test } from 'vitest';
import { runCampaign, summary } from '../nothing-lost/campaign.ts';

const seeds = [2, 4, 9, 12, 15, 39, 52, 91];
const testMs = 600_000;

test(
  `nothing that was acknowledged is lost: seeds ${seeds.join(' ')}`,
  async () => {
    const report = await runCampaign({ seeds, say: (line) => console.log(line) });
    console.log(summary(report));
    expect(report.failures).toEqual([]);
    expect(report.seeds).toEqual(seeds);
    expect(report.acknowledged).toBeGreaterThan(100);
    expect(report.endings.completed).toBeGreaterThan(0);
  },
  testMs,
);
