// `kill -9`, a full disk and a broken vault at every step of stop, suspend, fork, rewind and restore: nothing that a guest was told
// is written is ever lost. `--runs N --seed N`; every run follows from its seed, so one that fails can be had again.
import { parseArgs } from 'node:util';
import { runCampaign, summary } from './campaign.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '600' },
  },
});
const first = Number(values.seed);
const seeds = Array.from({ length: Number(values.runs) }, (_, index) => first + index);
const report = await runCampaign({ seeds, limitMs: Number(values.minutes) * 60_000, say: (line) => console.log(line) });
for (const { seed, message } of report.failures) console.log(`broken: seed ${seed}: ${message}`);
console.log(summary(report));
process.exitCode = report.failures.length > 0 || report.seeds.length === 0 ? 1 : 0;
