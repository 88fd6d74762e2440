import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

type Argv = readonly [string, ...string[]];

/** Starts a program that whoever started it ends. `argv0` is what it calls itself, `env` goes over our own. */
export function spawnProgram(
  [file, ...words]: Argv,
  { argv0, env = {} }: { readonly argv0?: string | undefined; readonly env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  const name = argv0 === undefined ? {} : { argv0 };
  return spawn(file, words, { stdio: 'ignore', env: { ...process.env, ...env }, ...name });
}

/** The same for one that is gone after the test. */
export function startProgram(argv: Argv, argv0?: string): ChildProcess {
  const child = spawnProgram(argv, { argv0 });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
