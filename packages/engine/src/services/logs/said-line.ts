import { type LogLine, logLineBytes } from '@playhouse/contract/service-log';
import { printable } from '../../guest/printable.ts';
import type { SecretMask } from '../secrets/secret-mask.ts';
import type { RawLine } from './decode-log.ts';

/** A line with whose it is, secrets taken out of it; control characters are still there. */
export interface SaidLine extends LogLine {
  readonly service: string;
  readonly container: string;
  /** Docker’s id of the container. */
  readonly id: string;
}

export type Speaker = Pick<SaidLine, 'service' | 'container' | 'id'>;

/** Secrets go out before the line is cut: half of one would be left. */
export function sayLine(
  speaker: Speaker,
  { at, stream, bytes, dropped }: RawLine,
  mask: SecretMask,
): SaidLine {
  return { ...speaker, at, stream, ...cutText(mask.text(bytes.toString('utf8')), dropped) };
}

/** The line as it is shown. `raw` leaves what could drive a terminal. */
export function showLine({ id: _id, ...line }: SaidLine, raw: boolean, mask: SecretMask): LogLine {
  if (raw) return line;
  // Once more: control characters may have stood inside of a secret.
  return { ...line, text: mask.text(printable(line.text)) };
}

/** Cuts a long text, and counts the bytes that are left out. */
function cutText(text: string, dropped: number): Pick<LogLine, 'text' | 'cut'> {
  if (text.length <= logLineBytes) return { text, cut: dropped };
  const end = text.slice(0, logLineBytes).isWellFormed() ? logLineBytes : logLineBytes - 1;
  const kept = text.slice(0, end);
  return { text: kept, cut: dropped + Buffer.byteLength(text) - Buffer.byteLength(kept) };
}
