import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from '../program/execute.ts';
import { readInput } from '../program/read-input.ts';

export interface CliResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const testNow = Date.parse('2026-01-02T03:04:05.000Z');

/** Runs a whole command line in this process, against `endpoint`, with nothing of the real user's settings. */
export async function runCli(
  words: readonly string[],
  endpoint: string,
  options: {
    readonly home?: string;
    readonly signal?: AbortSignal;
    readonly environment?: Record<string, string>;
    /** What is typed at the terminal: each time the same, or one line after the other. Without it there is none. */
    readonly typed?: string | readonly string[];
  } = {},
): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const lines = typeof options.typed === 'object' ? [...options.typed] : [];
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'playhouse-cli-'));
  const status = await execute(words, {
    environment: {
      HOME: home,
      PLAYHOUSE_ENDPOINT: endpoint,
      PLAYHOUSE_TOKEN: 'secret',
      ...options.environment,
    },
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text), isTTY: typeof options.typed === 'object' },
    signal: options.signal ?? new AbortController().signal,
    now: () => testNow,
    codeRoot: '/nowhere',
    readInput,
    ask: async (question) => {
      const { typed = null } = options;
      if (typed !== null) stderr += question;
      return typeof typed === 'object' ? (lines.shift() ?? null) : typed;
    },
  });
  return { status, stdout, stderr };
}
