// Frames between engine and launcher, both ways: u32 length of the payload, u32 channel, u8 type, payload; little-endian.
// Pure. launcher/wire.h is the other side and describes the payloads.

const request = { run: 1, signal: 2 } as const;
const answer = { started: 0x81, failed: 0x82, output: 0x83, errors: 0x84, ended: 0x85 } as const;
const headerSize = 9;
const detachedFlag = 1;

/** A program that is to be started. */
export interface Request {
  readonly argv: readonly string[];
  /** NAME=value, beside what the launcher has. */
  readonly settings: readonly string[];
  /** Where it runs; empty: where the launcher does. */
  readonly folder: string;
  /** Empty: its output comes back, and it ends with the launcher. */
  readonly outputFile: string;
  readonly input: Uint8Array;
}

/** What the launcher says of a program. */
export type Answer =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'failed'; readonly errno: number }
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Buffer }
  | { readonly kind: 'ended'; readonly signal: boolean; readonly value: number };

/** @throws RangeError when a word holds a NUL */
export function runFrame(channel: number, { argv, settings, folder, outputFile, input }: Request): Buffer {
  const words = [folder, outputFile, ...argv, ...settings];
  if (words.some((word) => word.includes('\0')))
    throw new RangeError('a program’s words must not hold a NUL');
  const head = Buffer.alloc(5);
  head.writeUInt8(outputFile === '' ? 0 : detachedFlag);
  head.writeUInt16LE(argv.length, 1);
  head.writeUInt16LE(settings.length, 3);
  return frame(channel, request.run, [head, Buffer.from(words.map((word) => `${word}\0`).join('')), input]);
}

export function signalFrame(channel: number, signal: number): Buffer {
  return frame(channel, request.signal, [Buffer.of(signal)]);
}

function frame(channel: number, type: number, payload: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(headerSize);
  header.writeUInt32LE(payload.reduce((sum, part) => sum + part.length, 0));
  header.writeUInt32LE(channel, 4);
  header.writeUInt8(type, 8);
  return Buffer.concat([header, ...payload]);
}

/** Cuts what the launcher sends into answers, however it is chunked. */
export class AnswerDecoder {
  #rest: Buffer = Buffer.alloc(0);

  /** Takes the next bytes and returns the answers that are whole now, each with its channel. */
  push(chunk: Buffer): readonly (readonly [number, Answer])[] {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const answers: [number, Answer][] = [];
    while (bytes.length >= headerSize && bytes.length >= headerSize + bytes.readUInt32LE(0)) {
      const end = headerSize + bytes.readUInt32LE(0);
      answers.push([bytes.readUInt32LE(4), decode(bytes.readUInt8(8), bytes.subarray(headerSize, end))]);
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
    return answers;
  }
}

function decode(type: number, payload: Buffer): Answer {
  switch (type) {
    case answer.started:
      return { kind: 'started', pid: payload.readUInt32LE(0) };
    case answer.failed:
      return { kind: 'failed', errno: payload.readUInt32LE(0) };
    case answer.output:
      return { kind: 'output', stream: 'stdout', bytes: payload };
    case answer.errors:
      return { kind: 'output', stream: 'stderr', bytes: payload };
    case answer.ended:
      return { kind: 'ended', signal: payload.readUInt8(0) === 1, value: payload.readUInt8(1) };
    default:
      throw new RangeError(`the launcher said something unknown: ${type}`);
  }
}
