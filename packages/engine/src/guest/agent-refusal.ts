import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Frame } from './frames.ts';
import { printable } from './printable.ts';

/** Longest text of a machine that an error repeats. */
const DETAIL_LENGTH = 300;

/** What an ERROR frame says, as a catalogue error; the cause carries the machine's `errno`. */
export function agentRefusal(action: string, frame: Frame): PlayhouseError {
  if (frame.payload.length < 4) return malformedReply(action);
  const detail = printable(frame.payload.subarray(4).toString()).slice(0, DETAIL_LENGTH);
  const cause = Object.assign(new Error(detail), { errno: frame.payload.readUInt32LE(0) });
  return new PlayhouseError('guest-agent-refused', { action, detail: `${detail}.` }, { cause });
}

/** An answer that does not have the form of docs/guest-agent.md: whatever speaks there is not our agent any more. */
export function malformedReply(action: string): PlayhouseError {
  return new PlayhouseError('guest-agent-refused', { action, detail: 'its answer is malformed.' });
}
