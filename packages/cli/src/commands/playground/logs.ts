import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type LogLine, longestTail, sinceSchema } from '@playhouse/contract/service-log';
import { readLogStream } from '../../connection/log-stream.ts';
import { createLogLineWriter, logLineJson } from '../../output/log-lines.ts';
import { styleFor } from '../../output/style.ts';
import type { Context, Output } from '../../program/context.ts';
import { Interrupted } from '../../program/interrupted.ts';

export interface LogsInput {
  readonly playground: string;
  readonly services: readonly string[];
  readonly tail: number | undefined;
  readonly since: string | undefined;
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly raw: boolean;
  readonly lifeCycle: boolean;
}

const command = 'playground logs';

/** `playhouse playground logs` */
export async function showPlaygroundLogs(context: Context, input: LogsInput): Promise<undefined> {
  const { playground, services, tail, follow, raw, lifeCycle, timestamps } = input;
  if (lifeCycle && services.length > 0)
    throw new PlayhouseError('usage', {
      detail: '--life-cycle is not about services: give one or the other.',
      command,
    });
  if (tail !== undefined && tail > longestTail)
    throw new PlayhouseError('usage', {
      detail: `--tail takes a whole number of at most ${longestTail}, not \`${tail}\`: no more lines of a service are kept.`,
      command,
    });
  const since = input.since === undefined ? undefined : readSince(input.since);
  const query = { services: services.join(','), tail, since, follow, raw, lifeCycle };
  const { stdout, stderr, environment, signal } = context;
  const write = createLogLineWriter({ style: styleFor(stdout, environment), timestamps });
  const render: (line: LogLine) => string =
    context.format === 'table'
      ? write
      : (line) => `${context.format === 'yaml' ? '- ' : ''}${logLineJson(line)}`;
  try {
    for await (const frame of readLogStream(await context.connect(), playground, query, signal)) {
      if (frame.kind === 'lines') await writeAll(stdout, frame.lines.map(render).join(''));
      else if (frame.source === 'cached' && context.format === 'table')
        stderr.write('Docker does not run on the playroom: this is what was kept of the logs.\n');
    }
  } catch (error) {
    throw signal.aborted ? new Interrupted() : error;
  }
}

/** Waits while what was written is on its way: whoever pages through a log does not have all of it in memory. */
async function writeAll(output: Output, text: string): Promise<void> {
  const { once } = output;
  if (output.write(text) === false && once)
    await new Promise<void>((resolve) => once.call(output, 'drain', resolve));
}

/** A time in any form that can be read, or how long ago. */
function readSince(text: string): string {
  if (sinceSchema.safeParse(text).success) return text;
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  const detail = `--since takes a time as 2026-01-31T12:00:00Z, or how long ago, as 90s, 10m or 2h30m, not \`${text}\`.`;
  throw new PlayhouseError('usage', { detail, command });
}
