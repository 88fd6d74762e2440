import { styleText } from 'node:util';
import { boundaries } from './boundaries.ts';
import type { Check } from './check.ts';
import { houseRules } from './house-rules.ts';
import { toolChecks } from './tool-checks.ts';

export interface CheckOutcome {
  name: string;
  passed: boolean;
  seconds: number;
}

/** Runs every check, a few at a time, and prints one line for each plus what it found. */
export async function runChecks(filter?: string, concurrency = 3): Promise<CheckOutcome[]> {
  const checks = [...toolChecks, boundaries, ...houseRules].filter(
    ({ name }) => !filter || name.includes(filter),
  );
  const queue = checks.values();
  const outcomes: CheckOutcome[] = [];
  const worker = async (): Promise<void> => {
    for (const check of queue) outcomes.push(await runCheck(check));
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return outcomes;
}

async function runCheck(check: Check): Promise<CheckOutcome> {
  const began = performance.now();
  const { problems, scope } = await check.run().catch((error: unknown) => ({
    problems: [
      `the check itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ],
    scope: 'nothing',
  }));
  const seconds = (performance.now() - began) / 1000;
  const passed = problems.length === 0;
  const mark = passed ? styleText('green', '✓') : styleText('red', '✗');
  console.log(`${mark} ${check.name.padEnd(13)}${seconds.toFixed(1).padStart(5)} s  ${scope}`);
  for (const problem of problems) console.log(problem.replace(/^/gm, '    '));
  return { name: check.name, passed, seconds };
}
