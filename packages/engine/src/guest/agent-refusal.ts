import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Frame } from './frames.ts';

/** What an ERROR frame says, as a catalogue error; the cause carries the machine's `errno`. */
export function agentRefusal(action: string, frame: Frame): PlayhouseError {
  const detail = frame.payload.subarray(4).toString();
  const errno = frame.payload.length >= 4 ? frame.payload.readUInt32LE(0) : 0;
  const cause = Object.assign(new Error(detail), { errno });
  return new PlayhouseError('guest-agent-refused', { action, detail: `${detail}.` }, { cause });
}
