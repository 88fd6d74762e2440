// The `playhouse` command. Answers --version before anything else is loaded; the rest is src/program/run-program.ts.
import { enableCompileCache } from 'node:module';
import { readVersion } from './program/version.ts';

enableCompileCache();
const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`${readVersion()}\n`);
} else {
  const { runProgram } = await import('./program/run-program.ts');
  await runProgram(words);
}
