// The data plane of logs: lines from whoever has them to a client's WebSocket. It reads on only once the client has taken what was
// sent, so that a slow one, or one whose user looks at a page of it, makes nothing pile up anywhere.
import { toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { LogChunk, LogFrame, LogSource } from '@playhouse/contract/service-log';
import type { WebSocket } from 'ws';
import { keepAwake } from './keep-awake.ts';

/** A log that is read piece by piece. */
export interface LogReader {
  readonly source: LogSource;
  /** The next lines; none when there were none for a while. */
  read(): Promise<LogChunk>;
  /** Idempotent; a read that is under way may fail then. */
  close(): void;
}

/** Bytes that may wait in the WebSocket before the log is read on. */
const lowWaterBytes = 64 * 1024;
/** Clients that take nothing for so many pings are cut off: people read slowly, but not for an hour. */
const patience = 120;

/** Sends the whole log, until its end or until the client goes. */
export async function pipeLogs(client: WebSocket, reader: LogReader): Promise<void> {
  const awake = keepAwake(client, patience);
  client.on('error', () => client.terminate());
  client.on('close', () => {
    clearInterval(awake);
    reader.close();
  });
  const isOpen = () => client.readyState === client.OPEN;
  const send = async (frame: LogFrame) => {
    await new Promise<void>((resolve) => client.send(JSON.stringify(frame), () => resolve()));
  };
  try {
    await send({ kind: 'begin', source: reader.source });
    while (isOpen()) {
      const { lines, cursor, ended } = await reader.read();
      const sent = lines.length > 0 && isOpen() ? send({ kind: 'lines', lines, cursor }) : null;
      if (client.bufferedAmount > lowWaterBytes) await sent;
      if (!ended) continue;
      await send({ kind: 'end' });
      client.close(1000);
      return;
    }
  } catch (error) {
    if (!isOpen()) return;
    const { code, message, hint } = toErrorBody(error);
    await send({ kind: 'error', error: { code, message, hint } });
    client.close(1011);
  } finally {
    reader.close();
  }
}
