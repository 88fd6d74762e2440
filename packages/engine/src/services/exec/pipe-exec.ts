import type { Duplex } from 'node:stream';
import { toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import { decodeExecFrame, encodeExecFrame, type ExecFrame } from '@playhouse/contract/exec-frame';
import type { WebSocket } from 'ws';
import type { ExecProcess } from './exec-process.ts';

/** A stream that is not read, because its command does not, tells of its end only to who writes to it. */
const pingMs = 5000;
/** Close reasons are short. */
const longestReason = 120;

/** Runs a command over a stream that is being dialled; resolves when both have ended. */
export async function pipeExec(stream: WebSocket, process: ExecProcess): Promise<void> {
  const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
  const opened = new Promise<boolean>((resolve) => {
    stream.once('open', () => resolve(true));
    stream.once('close', () => resolve(false));
  });
  stream.on('error', () => stream.terminate());
  if (!(await opened)) return;
  const awake = setInterval(() => stream.ping(), pingMs);
  void closed.then(() => clearInterval(awake));
  // What comes before the command runs waits.
  stream.pause();
  let ended = closed;
  try {
    const input = await process.start();
    takeInput(stream, input, process);
    stream.resume();
    ended = closed.then(async () => await process.end()).catch(() => {});
    for await (const { stream: kind, part } of process.output()) await send(stream, { kind, bytes: part });
    await send(stream, { kind: 'exit', status: await process.status() });
    stream.close(1000);
  } catch (error) {
    stream.resume();
    const { message } = toErrorBody(error);
    stream.close(1011, Buffer.from(message).subarray(0, longestReason).toString().replace(/�+$/, ''));
  }
  await ended;
}

function takeInput(stream: WebSocket, input: Duplex, process: ExecProcess): void {
  // It may stop reading at any time; how it ends is told by its output.
  input.on('error', () => {});
  stream.on('message', (data: Buffer) => {
    const frame = decodeExecFrame(data);
    if (frame?.kind === 'resize') void process.resize(frame);
    else if (frame?.kind === 'inputEnd') input.end();
    else if (frame?.kind === 'input' && !input.write(frame.bytes) && !stream.isPaused) {
      stream.pause();
      input.once('drain', () => stream.resume());
      input.once('close', () => stream.resume());
    }
  });
}

/** Resolves once it is taken: a reader that is slow holds the command back. */
async function send(stream: WebSocket, frame: ExecFrame): Promise<void> {
  await new Promise<void>((resolve) => stream.send(encodeExecFrame(frame), () => resolve()));
}
