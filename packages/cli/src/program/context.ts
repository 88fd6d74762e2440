// What every handler gets: the world outside, so that a test can replace each part of it.
import type { CommandDescription } from '../command/description.ts';
import type { Client } from '@playhouse/contract/routes/client';

export type OutputFormat = 'table' | 'json' | 'yaml';

/** The part of a stream that output needs. */
export interface Output {
  /** False when what was written before is still on its way. */
  write(text: string): unknown;
  readonly once?: (event: 'drain', listener: () => void) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where the server is and what opens it. */
export interface Access {
  readonly endpoint: string;
  readonly token: string | null;
  /** Where the token came from, in words; null without one. */
  readonly tokenOrigin: string | null;
}

export interface Connection extends Access {
  readonly client: Client;
}

export interface Context {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly format: OutputFormat;
  readonly debug: boolean;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Finds server and token (src/connection/) at first use. */
  readonly connect: () => Promise<Connection>;
  /** Reads a file, or standard input for `-`. Throws `file-unreadable`. */
  readonly readInput: (file: string) => Promise<string>;
  /** Asks the person at the terminal; null where there is none. `hidden` shows nothing of what is typed. */
  readonly ask: (question: string, hidden?: boolean) => Promise<string | null>;
  /** All commands there are. */
  readonly commands: readonly CommandDescription[];
  /** The checkout this command runs from. */
  readonly codeRoot: string;
}
