// The only file of scripts/ that starts processes.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface CommandResult {
  /** Exit code; 127 when the program could not be started, 128 when a signal ended it. */
  code: number;
  /** Standard output and standard error, as they came. */
  output: string;
  /** Standard output alone. */
  stdout: string;
}

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs argv in the checkout and waits for it. With `show`, its output goes straight to ours and is not collected. */
export async function runCommand(
  argv: readonly [string, ...string[]],
  options: { show?: boolean; env?: Record<string, string> } = {},
): Promise<CommandResult> {
  const [file, ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      stdio: ['ignore', options.show ? 'inherit' : 'pipe', options.show ? 'inherit' : 'pipe'],
      env: { ...process.env, ...options.env },
    });
    const all: Buffer[] = [];
    const out: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => (all.push(chunk), out.push(chunk)));
    child.stderr?.on('data', (chunk: Buffer) => all.push(chunk));
    const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8');
    child.on('error', (error) => resolve({ code: 127, output: `${file}: ${error.message}\n`, stdout: '' }));
    child.on('close', (code) => resolve({ code: code ?? 128, output: text(all), stdout: text(out) }));
  });
}

/** Runs a program that one of our packages installed, under this very Node.js. */
export async function runTool(
  script: string,
  args: readonly string[],
  options: { show?: boolean; env?: Record<string, string> } = {},
): Promise<CommandResult> {
  return runCommand([process.execPath, `${root}node_modules/${script}`, ...args], options);
}
