import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export const lineFaults = ['none', 'errors', 'stalls', 'truncates', 'flips'] as const;
export type LineFault = (typeof lineFaults)[number];

/** The line from an engine to its vault, which can be made to do wrong. */
export class VaultLine implements AsyncDisposable {
  static readonly port = 7800;
  readonly #child: ChildProcess;
  /** Requests so far that something was done to. */
  harmed = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Lays it into the namespace that the words `prefix` enter, to the S3 server at a socket. */
  static async lay(prefix: readonly string[], socket: string): Promise<VaultLine> {
    const main = new URL('vault-line-process.ts', import.meta.url).pathname;
    const [file, ...words] = [...prefix, process.execPath, main, String(VaultLine.port), socket];
    const child = spawn(file, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    const line = new VaultLine(child);
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the line to the vault ended with ${code}`)));
      createInterface({ input: child.stdout }).on('line', (said) => {
        if (said === 'ready') resolve();
        else line.harmed += 1;
      });
    });
    return line;
  }

  set fault(fault: LineFault) {
    this.#child.stdin?.write(`${fault}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }
}
