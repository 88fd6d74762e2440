// The bytes of Docker’s log endpoint as lines. Their content is the containers’: any bytes, lines of any length.

import { outputFrames, type OutputPart } from '../docker/output-frames.ts';

/** A line as a container wrote it. */
export interface RawLine {
  /** RFC 3339 in UTC with nanoseconds: such texts can be compared. */
  readonly at: string;
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
  /** Bytes that were left out at its end. */
  readonly dropped: number;
}

export interface DecodeOptions {
  /** True for a container with a terminal: Docker then frames nothing. */
  readonly tty: boolean;
  /** Bytes that are kept of a line. */
  readonly keepBytes: number;
}

const lineEnd = 0x0a;
const carriageReturn = 0x0d;
/** So much Docker takes of a line at a time. A part of one that is shorter is its last, and may come without a line end. */
const partBytes = 16_384;
/** `2026-01-31T12:00:00.123456789Z `, as Docker writes it before each line, and before each part of one; or `+01:00` for the `Z`. */
const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{9})(Z|[+-]\d\d:\d\d) /;
const longestStamp = 36;

interface Stamp {
  readonly at: string;
  readonly length: number;
}

function stampOf(part: Buffer): Stamp | null {
  const [text, whole = '', fraction = '', zone] = stamp.exec(part.toString('latin1', 0, longestStamp)) ?? [];
  if (text === undefined) return null;
  const utc = zone === 'Z' ? whole : new Date(`${whole}${zone}`).toISOString().slice(0, 19);
  return { at: `${utc}${fraction}Z`, length: text.length };
}

/** Puts the parts of a line together; of what is too long it only counts. */
class LineInMaking {
  readonly #stream: RawLine['stream'];
  readonly #keepBytes: number;
  /** When it was begun; null while there is none. */
  at: string | null = null;
  #parts: Buffer[] = [];
  #kept = 0;
  #dropped = 0;

  constructor(stream: RawLine['stream'], keepBytes: number) {
    this.#stream = stream;
    this.#keepBytes = keepBytes;
  }

  add(at: string, part: Buffer): void {
    this.at = at;
    const kept = part.subarray(0, Math.max(0, this.#keepBytes - this.#kept));
    // A copy: the whole chunk that it is a part of would be kept for it.
    if (kept.length > 0) this.#parts.push(Buffer.from(kept));
    this.#kept += kept.length;
    this.#dropped += part.length - kept.length;
  }

  take(): RawLine {
    const bytes = Buffer.concat(this.#parts);
    const line = {
      at: this.at ?? '',
      stream: this.#stream,
      bytes: bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes,
      dropped: this.#dropped,
    };
    this.at = null;
    this.#parts = [];
    this.#kept = 0;
    this.#dropped = 0;
    return line;
  }
}

/** The lines of Docker’s answer, in its order. What is cut short by its end is a line, too. */
export async function* decodeLog(
  chunks: AsyncIterable<Buffer>,
  options: DecodeOptions,
): AsyncGenerator<RawLine, void> {
  const making = {
    stdout: new LineInMaking('stdout', options.keepBytes),
    stderr: new LineInMaking('stderr', options.keepBytes),
  };
  let last = '1970-01-01T00:00:00.000000000Z';
  const parts = options.tty ? plain(chunks) : outputFrames(chunks);
  for await (const { stream, part } of parts) {
    const line = making[stream];
    const ended = part.at(-1) === lineEnd;
    const body = ended ? part.subarray(0, -1) : part;
    // In the middle of a line of a terminal nothing is dated.
    const dated = options.tty && line.at !== null ? null : stampOf(body);
    last = dated?.at ?? last;
    // All parts of a line have its time.
    if (line.at !== null && dated !== null && line.at !== dated.at) yield line.take();
    const said = body.subarray(dated?.length ?? 0);
    line.add(line.at ?? last, said);
    if (ended || (!options.tty && said.length < partBytes)) yield line.take();
  }
  for (const line of [making.stdout, making.stderr]) if (line.at !== null) yield line.take();
}

/** The output of a terminal, at its line ends. The beginning of a line comes with its whole time. */
async function* plain(chunks: AsyncIterable<Buffer>): AsyncGenerator<OutputPart, void> {
  let rest: Buffer = Buffer.alloc(0);
  let begins = true;
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    let at = 0;
    while (at < bytes.length) {
      const found = bytes.indexOf(lineEnd, at);
      const end = found < 0 ? bytes.length : found + 1;
      if (found < 0 && begins && end - at < longestStamp) break;
      yield { stream: 'stdout', part: bytes.subarray(at, end) };
      begins = found >= 0;
      at = end;
    }
    rest = bytes.subarray(at);
  }
  if (rest.length > 0) yield { stream: 'stdout', part: rest };
}
