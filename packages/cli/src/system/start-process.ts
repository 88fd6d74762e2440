import { type ChildProcess, spawn } from 'node:child_process';

export type Child = ChildProcess;

export interface ProcessOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Descriptor that gets standard output and standard error. */
  readonly logDescriptor: number;
}

/** Starts a program as a child whose end the caller watches. */
export function startChild(argv: readonly string[], options: ProcessOptions): ChildProcess {
  return start(argv, options, false);
}

/** Starts a program in a session of its own, so that it outlives this command and its terminal. Returns its pid. */
export function startDetached(argv: readonly string[], options: ProcessOptions): number | undefined {
  const child = start(argv, options, true);
  child.on('error', () => undefined);
  child.unref();
  return child.pid;
}

function start(argv: readonly string[], options: ProcessOptions, detached: boolean): ChildProcess {
  const [file = '', ...args] = argv;
  return spawn(file, args, {
    detached,
    env: { ...options.environment },
    cwd: '/',
    stdio: ['ignore', options.logDescriptor, options.logDescriptor],
  });
}
