// Runs a command in a container of a service, with this process’s input and output, or what stands for them.
import type { Readable, Writable } from 'node:stream';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import {
  decodeExecFrame,
  encodeExecFrame,
  type ExecFrame,
  type TerminalSize,
} from '@playhouse/contract/exec-frame';
import { pathOf } from '@playhouse/contract/routes/client';
import { execPath } from '@playhouse/contract/routes/web-socket-paths';
import { WebSocket } from 'ws';
import type { Access } from '../program/context.ts';
import { Interrupted } from '../program/interrupted.ts';
import { refusal } from './refusal.ts';

const handshakeMs = 15_000;
/** Bytes of input that may wait to be sent. */
const highWaterBytes = 1024 * 1024;
/** Close code with which the engine says why a command could not be run. */
const failedCode = 1011;

export interface ExecTarget {
  readonly playground: string;
  readonly service: string;
  readonly command: readonly string[];
  readonly user: string | undefined;
}

/** A terminal that the command is to have. */
export interface ExecTerminal {
  readonly size: () => TerminalSize;
  /** Calls back at each change of its size; gives the way to end that. */
  readonly onResize: (changed: () => void) => () => void;
}

export interface ExecEnds {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Null without one. */
  readonly terminal: ExecTerminal | null;
}

/**
 * Resolves with its exit status.
 * @throws PlayhouseError what the server refuses it with, exec-failed, server-unreachable; Interrupted
 */
export async function runExec(
  access: Access,
  target: ExecTarget,
  ends: ExecEnds,
  signal: AbortSignal,
): Promise<number> {
  const socket = connect(access, target, ends.terminal);
  const interrupt = () => socket.terminate();
  signal.addEventListener('abort', interrupt);
  const leave: (() => void)[] = [() => signal.removeEventListener('abort', interrupt)];
  try {
    const ended = outcome(socket, access, target, ends);
    socket.once('open', () => leave.push(...giveInput(socket, ends)));
    return await Promise.race([ended, refusal(socket, access.endpoint)]);
  } catch (error) {
    throw signal.aborted ? new Interrupted() : error;
  } finally {
    for (const each of leave) each();
    socket.close();
  }
}

function connect(access: Access, target: ExecTarget, terminal: ExecTerminal | null): WebSocket {
  const { playground, service, command, user } = target;
  const query = {
    command: JSON.stringify(command),
    user,
    terminal: terminal !== null,
    ...terminal?.size(),
  };
  const url = access.endpoint.replace(/^http/, 'ws') + pathOf(execPath, { playground, service }, query);
  const headers = access.token === null ? {} : { authorization: `Bearer ${access.token}` };
  return new WebSocket(url, { headers, perMessageDeflate: false, handshakeTimeout: handshakeMs });
}

/** Writes what it says until it has ended. */
async function outcome(
  socket: WebSocket,
  { endpoint }: Access,
  { service }: ExecTarget,
  { stdout, stderr }: ExecEnds,
): Promise<number> {
  return await new Promise((resolve, reject) => {
    let status: number | null = null;
    socket.on('message', (data: Buffer) => {
      const frame = decodeExecFrame(data);
      if (frame?.kind === 'exit') ({ status } = frame);
      if (frame?.kind !== 'stdout' && frame?.kind !== 'stderr') return;
      const output = frame.kind === 'stdout' ? stdout : stderr;
      if (output.write(frame.bytes) || socket.isPaused) return;
      socket.pause();
      output.once('drain', () => socket.resume());
    });
    socket.on('close', (code, reason) => {
      if (status !== null) resolve(status);
      else if (code === failedCode)
        reject(new PlayhouseError('exec-failed', { service, detail: reason.toString() }));
      else reject(new PlayhouseError('server-unreachable', { endpoint }));
    });
  });
}

/** Sends input and sizes; gives what ends that. */
function giveInput(socket: WebSocket, { stdin, terminal }: ExecEnds): readonly (() => void)[] {
  const send = (frame: ExecFrame, sent?: () => void) => {
    if (socket.readyState === socket.OPEN) socket.send(encodeExecFrame(frame), sent);
  };
  const take = (bytes: Buffer) => {
    send({ kind: 'input', bytes }, () => {
      if (stdin.isPaused() && socket.readyState === socket.OPEN) stdin.resume();
    });
    if (socket.bufferedAmount > highWaterBytes) stdin.pause();
  };
  const end = () => send({ kind: 'inputEnd' });
  const resize = () => {
    if (terminal !== null) send({ kind: 'resize', ...terminal.size() });
  };
  stdin.on('data', take);
  stdin.once('end', end);
  const noMoreSizes = terminal?.onResize(resize);
  return [
    () => {
      stdin.off('data', take);
      stdin.off('end', end);
      stdin.pause();
      noMoreSizes?.();
    },
  ];
}
