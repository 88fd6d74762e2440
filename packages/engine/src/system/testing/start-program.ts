import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** Starts a program that is gone after the test; `argv0` is what it calls itself. */
export function startProgram(argv: readonly [string, ...string[]], argv0?: string): ChildProcess {
  const [file, ...words] = argv;
  const child = spawn(file, words, { stdio: 'ignore', ...(argv0 === undefined ? {} : { argv0 }) });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
