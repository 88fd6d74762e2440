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
    /** What is typed at the terminal; without it there is none. */
    readonly typed?: string;
  } = {},
): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'playhouse-cli-'));
  const status = await execute(words, {
    environment: {
      HOME: home,
      PLAYHOUSE_ENDPOINT: endpoint,
      PLAYHOUSE_TOKEN: 'secret',
      ...options.environment,
    },
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    signal: options.signal ?? new AbortController().signal,
    now: () => testNow,
    codeRoot: '/nowhere',
    readInput,
    ask: async (question) => {
      if (options.typed !== undefined) stderr += question;
      return options.typed ?? null;
    },
  });
  return { status, stdout, stderr };
}
