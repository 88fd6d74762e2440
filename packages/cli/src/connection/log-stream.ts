// Reads the log of a playground over a WebSocket. What is not read here is not sent there. A log that is followed outlasts the
// connection: it is opened anew, where it stood.
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorBody, fromErrorBody, PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { pathOf } from '@playhouse/contract/routes/client';
import { logsPath } from '@playhouse/contract/routes/web-socket-paths';
import type { LogFrame } from '@playhouse/contract/service-log';
import { createWebSocketStream, WebSocket } from 'ws';
import type { Access } from '../program/context.ts';
import { refusal } from './refusal.ts';

export interface LogStreamQuery {
  readonly services: string;
  readonly tail: number | undefined;
  readonly since: string | undefined;
  readonly follow: boolean;
  readonly raw: boolean;
  readonly lifeCycle: boolean;
}

const handshakeMs = 15_000;
/** A server that is started anew is back sooner than this. */
const patienceMs = 60_000;
const retryMs = 500;

type Frame = Extract<LogFrame, { kind: 'begin' | 'lines' }>;

/**
 * The frames of a log until its end.
 * @throws PlayhouseError what the server refuses it with, server-unreachable
 */
export async function* readLogStream(
  access: Access,
  playground: string,
  query: LogStreamQuery,
  signal: AbortSignal,
): AsyncGenerator<Frame, void> {
  let after: string | undefined;
  let begun = false;
  let brokenSince: number | null = null;
  for (;;) {
    try {
      for await (const frame of readOnce(
        access,
        pathOf(logsPath, { playground }, { ...query, after }),
        signal,
      )) {
        brokenSince = null;
        if (frame.kind === 'end') return;
        if (frame.kind === 'error') throw fromErrorBody(frame.error as ErrorBody);
        if (frame.kind === 'lines') after = frame.cursor;
        if (frame.kind === 'begin' && begun) continue;
        begun = true;
        yield frame;
      }
    } catch (error) {
      const passes = error instanceof PlayhouseError && error.code === 'server-unreachable';
      if (!passes || !begun) throw error;
    }
    signal.throwIfAborted();
    brokenSince ??= performance.now();
    if (!query.follow || performance.now() - brokenSince > patienceMs)
      throw new PlayhouseError('server-unreachable', { endpoint: access.endpoint });
    await sleep(retryMs, undefined, { signal });
  }
}

/** The frames of one connection, to its end, however it ends. */
async function* readOnce(access: Access, path: string, signal: AbortSignal): AsyncGenerator<LogFrame, void> {
  const headers = access.token === null ? {} : { authorization: `Bearer ${access.token}` };
  const url = access.endpoint.replace(/^http/, 'ws') + path;
  const socket = new WebSocket(url, { headers, perMessageDeflate: false, handshakeTimeout: handshakeMs });
  const refused = refusal(socket, access.endpoint);
  // Looked at only until it is open.
  refused.catch(() => {});
  const stream = createWebSocketStream(socket, { readableObjectMode: true });
  stream.on('error', () => {});
  const end = () => socket.terminate();
  signal.addEventListener('abort', end);
  try {
    await Promise.race([new Promise<void>((resolve) => socket.once('open', () => resolve())), refused]);
    for await (const data of stream) yield JSON.parse(String(data)) as LogFrame;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof PlayhouseError
      ? error
      : new PlayhouseError('server-unreachable', { endpoint: access.endpoint }, { cause: error });
  } finally {
    signal.removeEventListener('abort', end);
    socket.terminate();
  }
}
