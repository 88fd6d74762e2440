// npm run check [name]: everything that can be said about the code without running it; no warning is tolerated.
import { runChecks } from './checks/run-checks.ts';

const began = performance.now();
const outcomes = await runChecks(process.argv[2]);
const failed = outcomes.filter((outcome) => !outcome.passed);
const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(`${outcomes.length - failed.length} checks passed, ${failed.length} failed, ${seconds} s`);
if (failed.length > 0 || outcomes.length === 0) process.exitCode = 1;
