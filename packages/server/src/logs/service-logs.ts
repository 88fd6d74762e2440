import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { LogChunk, LogWish } from '@playhouse/contract/service-log';
import type { LogReader } from '@playhouse/gateway/pipe-logs';
import type { ControlPlane } from '../control-plane.ts';

/** How long the engine waits for a line before it says that there is none. */
const waitMs = 4000;
/** An engine that was started anew is back sooner than this. */
const patienceMs = 60_000;
const retryMs = 500;

/** After these the log can be opened anew, where it stood. */
const passing: ReadonlySet<string> = new Set(['log-stream-unknown', 'engine-down', 'engine-timeout']);

function passes(error: unknown): boolean {
  return error instanceof PlayhouseError && passing.has(error.code);
}

export interface LogRequest extends LogWish {
  readonly after: string | null;
}

/**
 * What the services of a playground said, from its engine. Outlasts the engine: reading goes on where it stood once there is
 * another one.
 * @throws PlayhouseError playground-unknown, service-missing, log-streams-limit, engine-down
 */
export async function openServiceLogs(
  { engine }: Pick<ControlPlane, 'engine'>,
  playgroundId: string,
  request: LogRequest,
): Promise<LogReader> {
  let after = request.after;
  let closed = false;
  const open = async () => await engine.ask({ kind: 'logs.open', playgroundId, ...request, after });
  const forget = (stream: string) => void engine.ask({ kind: 'logs.close', stream }).catch(() => {});
  let current = await open();
  const { source } = current;
  const readOnce = async (): Promise<LogChunk> => {
    const { lines, cursor, ended } = await engine.ask({ kind: 'logs.read', stream: current.stream, waitMs });
    after = cursor;
    return { lines, cursor, ended };
  };
  return {
    source,
    read: async () => {
      const deadline = performance.now() + patienceMs;
      for (;;) {
        try {
          return await readOnce();
        } catch (error) {
          if (closed || !passes(error) || performance.now() > deadline) throw error;
        }
        try {
          current = await open();
          // Whoever left meanwhile closed the former one.
          if (closed) forget(current.stream);
        } catch (error) {
          if (!passes(error)) throw error;
          await setTimeout(retryMs);
        }
      }
    },
    close: () => {
      if (closed) return;
      closed = true;
      forget(current.stream);
    },
  };
}
