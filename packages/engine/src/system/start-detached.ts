import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';

/** A program that goes on when the engine ends. */
export interface DetachedProcess {
  readonly pid: number | null;
  /** Settles with the exit code, or the name of the signal, if it ends while this engine lives. */
  readonly exited: Promise<number | string>;
}

/** Starts a program in its own session, with its output in a file; it never shares the engine’s fate. */
export async function startDetached(argv: readonly string[], outputFile: string): Promise<DetachedProcess> {
  const [file = '', ...rest] = argv;
  const output = await open(outputFile, 'w', 0o600);
  try {
    const child = spawn(file, rest, { detached: true, stdio: ['ignore', output.fd, output.fd] });
    child.unref();
    const exited = new Promise<number | string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? code ?? 0));
    });
    return { pid: child.pid ?? null, exited };
  } finally {
    await output.close();
  }
}
