// ./playhouse test: the checks, the unit tests, then the end-to-end tests; the long ones, the official
// sources and `--nothing-lost` only when they are named. It ends with one plain line, `N passed,
// N failed`; a check counts as a test, and a run of nothing is a failure.
import { parseArgs } from 'node:util';
import { prepare } from '../tests/prepare.ts';
import { runChecks } from './checks/run-checks.ts';
import { runNothingLost } from './tests/run-nothing-lost.ts';
import { runVitest } from './tests/run-vitest.ts';
import { emptyTally, lastLine } from './tests/test-report.ts';
import type { Tally } from './tests/test-report.ts';

interface Part {
  name: 'check' | 'unit' | 'end-to-end' | 'long' | 'official-sources' | 'nothing-lost';
  run: () => Promise<Tally>;
  /** Boots machines, of images that are prepared first. */
  machines?: true;
  /** Runs only when it is named. */
  optIn?: true;
}

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    unit: { type: 'boolean', default: false },
    'end-to-end': { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    'official-sources': { type: 'boolean', default: false },
    'nothing-lost': { type: 'boolean', default: false },
    runs: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    filter: { type: 'string' },
  },
});

const parts: Part[] = [
  {
    name: 'check',
    run: async () => {
      const outcomes = await runChecks();
      const failed = outcomes.filter((outcome) => !outcome.passed).length;
      return { ...emptyTally, passed: outcomes.length - failed, failed };
    },
  },
  { name: 'unit', run: async () => runVitest('unit', values.filter) },
  { name: 'end-to-end', machines: true, run: async () => runVitest('end-to-end', values.filter) },
  { name: 'long', machines: true, optIn: true, run: async () => runVitest('long', values.filter) },
  {
    name: 'official-sources',
    machines: true,
    optIn: true,
    run: async () => runVitest('official-sources', values.filter),
  },
  {
    name: 'nothing-lost',
    machines: true,
    optIn: true,
    run: async () => runNothingLost(values.runs, values.seed),
  },
];

/** The parts that were asked for; all that need no naming when none was named, but a filter alone means tests, not checks. */
function chosen(): Part[] {
  const named = parts.filter((part) => values[part.name]);
  if (named.length > 0) return named;
  const usual = parts.filter((part) => !part.optIn);
  return values.filter === undefined ? usual : usual.filter((part) => part.name !== 'check');
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const total = { passed: 0, failed: 0, skipped: 0 };
const times: string[] = [];
const slowest: Tally['slowest'] = [];
const unsteady: string[] = [];

async function runPart({ name, run }: Part): Promise<void> {
  console.log(`\n── ${name} ──`);
  const began = performance.now();
  const tally = await run().catch((error: unknown) => {
    console.error(error);
    return { ...emptyTally, failed: 1 };
  });
  total.passed += tally.passed;
  total.failed += tally.failed;
  total.skipped += tally.skipped;
  slowest.push(...tally.slowest);
  unsteady.push(...tally.unsteady);
  times.push(`${name.padEnd(16)}${seconds(began).padStart(9)}   ${lastLine(tally)}`);
}

// What the checks and tests need is set up first: some checks are left out where their tool is not installed.
const wanted = chosen();
const began = performance.now();
let ready = true;
if (wanted.some((part) => part.machines)) {
  await prepare().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    ready = false;
    total.failed += 1;
  });
  times.push(
    `${'set-up'.padEnd(16)}${seconds(began).padStart(9)}   ${ready ? 'ready' : 'failed: no tests with machines'}`,
  );
}
for (const part of wanted) if (ready || !part.machines) await runPart(part);

console.log('\n── time ──');
for (const line of times) console.log(line);
const listed = slowest.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 10);
if (listed.length > 0) console.log('slowest tests:');
for (const { name, milliseconds } of listed)
  console.log(`${(milliseconds / 1000).toFixed(2).padStart(9)} s  ${name}`);
if (unsteady.length > 0) console.log('failed, and passed when run again alone, which asks for mending:');
for (const name of unsteady) console.log(`  ${name}`);
if (total.passed + total.failed === 0) console.log('Nothing ran: no test matches.');
console.log(lastLine(total));
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
