// The bytes of Docker’s log endpoint as lines. Their content is the containers’: any bytes, lines of any length.

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

const headerBytes = 8;
const stderrType = 2;
const lineEnd = 0x0a;
const carriageReturn = 0x0d;
/** `2026-01-31T12:00:00.123456789Z `, as Docker writes it before each line it was asked to date. */
const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z) /;
const stampBytes = 31;

/** Puts the parts of a line together; of what is too long it only counts. */
class LineInMaking {
  readonly #keepBytes: number;
  #parts: Buffer[] = [];
  #kept = 0;
  #dropped = 0;

  constructor(keepBytes: number) {
    this.#keepBytes = keepBytes;
  }

  get open(): boolean {
    return this.#parts.length > 0 || this.#dropped > 0;
  }

  add(part: Buffer): void {
    const room = Math.max(0, this.#keepBytes - this.#kept);
    const kept = part.subarray(0, room);
    // A copy: the whole chunk that it is a part of would be kept for it.
    if (kept.length > 0) this.#parts.push(Buffer.from(kept));
    this.#kept += kept.length;
    this.#dropped += part.length - kept.length;
  }

  take(): Pick<RawLine, 'bytes' | 'dropped'> {
    const bytes = Buffer.concat(this.#parts);
    const line = {
      bytes: bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes,
      dropped: this.#dropped,
    };
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
  let last = '1970-01-01T00:00:00.000000000Z';
  const dated = (stream: RawLine['stream'], line: Pick<RawLine, 'bytes' | 'dropped'>): RawLine => {
    const at = stamp.exec(line.bytes.toString('latin1', 0, stampBytes))?.[1];
    if (at === undefined) return { at: last, stream, ...line };
    last = at;
    return { at, stream, bytes: line.bytes.subarray(stampBytes), dropped: line.dropped };
  };
  const keepBytes = options.keepBytes + stampBytes;
  const making = { stdout: new LineInMaking(keepBytes), stderr: new LineInMaking(keepBytes) };
  const parts = options.tty ? plain(chunks) : framed(chunks);
  for await (const { stream, part } of parts) {
    const line = making[stream];
    const whole = part.at(-1) === lineEnd;
    const body = whole ? part.subarray(0, -1) : part;
    // Docker dates each part of a line that was too long for it.
    line.add(line.open && !options.tty ? body.subarray(stampLength(body)) : body);
    if (whole) yield dated(stream, line.take());
  }
  for (const stream of ['stdout', 'stderr'] as const)
    if (making[stream].open) yield dated(stream, making[stream].take());
}

function stampLength(part: Buffer): number {
  return stamp.test(part.toString('latin1', 0, stampBytes)) ? stampBytes : 0;
}

type Part = Pick<RawLine, 'stream'> & { readonly part: Buffer };

/** Frames of Docker: type, three zeros, length, then so many bytes. Each is a line, or a part of one. */
async function* framed(chunks: AsyncIterable<Buffer>): AsyncGenerator<Part, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= headerBytes) {
      const end = at + headerBytes + rest.readUInt32BE(at + 4);
      if (rest.length < end) break;
      yield {
        stream: rest[at] === stderrType ? 'stderr' : 'stdout',
        part: rest.subarray(at + headerBytes, end),
      };
      at = end;
    }
    rest = rest.subarray(at);
  }
}

/** The output of a terminal, at its line ends. */
async function* plain(chunks: AsyncIterable<Buffer>): AsyncGenerator<Part, void> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const found = chunk.indexOf(lineEnd, at);
      const end = found < 0 ? chunk.length : found + 1;
      yield { stream: 'stdout', part: chunk.subarray(at, end) };
      at = end;
    }
  }
}
