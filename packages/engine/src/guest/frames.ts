// Frames between host and guest agent, both ways: magic "PHG1", u32 channel, u8 type, u32 length, payload; little-endian.
// Pure. docs/guest-agent.md describes the payloads; guest/frame.h is the other side.

/** Frame types; requests are below 0x80, replies above. */
export const FrameType = {
  hello: 0x01,
  exec: 0x02,
  stdin: 0x03,
  stdinEof: 0x04,
  kill: 0x05,
  writeFile: 0x06,
  writeData: 0x07,
  writeEnd: 0x08,
  setTime: 0x09,
  reseed: 0x0a,
  sync: 0x0b,
  freeze: 0x0c,
  thaw: 0x0d,
  remove: 0x0e,
  exists: 0x0f,
  getTime: 0x10,
  authorize: 0x11,
  ready: 0x81,
  stdout: 0x82,
  stderr: 0x83,
  exit: 0x84,
  ok: 0x85,
  error: 0x86,
  stdinCredit: 0x87,
} as const;

export interface Frame {
  /** Chosen by the host; replies carry the channel of their request. */
  readonly channel: number;
  readonly type: number;
  readonly payload: Buffer;
}

export const MAX_PAYLOAD = 32 * 1024;
export const HEADER_SIZE = 13;
const MAGIC = Buffer.from('PHG1');
const TYPES = new Set<number>(Object.values(FrameType));

/** The bytes of one frame; the payload has at most MAX_PAYLOAD bytes. */
export function encodeFrame(channel: number, type: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  if (payload.length > MAX_PAYLOAD) throw new RangeError(`payload of ${payload.length} bytes`);
  const header = Buffer.alloc(HEADER_SIZE);
  MAGIC.copy(header);
  header.writeUInt32LE(channel, 4);
  header.writeUInt8(type, 8);
  header.writeUInt32LE(payload.length, 9);
  return Buffer.concat([header, payload]);
}

/** Cuts a byte stream into frames, however it is chunked; what is not a frame is skipped up to the next magic. */
export class FrameDecoder {
  #rest: Buffer = Buffer.alloc(0);

  /** Takes the next bytes and returns the frames that are whole now. */
  push(chunk: Uint8Array): Frame[] {
    let bytes = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    for (;;) {
      const start = bytes.indexOf(MAGIC);
      if (start < 0) {
        bytes = bytes.subarray(Math.max(0, bytes.length - MAGIC.length + 1)); // a magic may be cut in the middle
        break;
      }
      bytes = bytes.subarray(start);
      if (bytes.length < HEADER_SIZE) break;
      const type = bytes.readUInt8(8);
      const length = bytes.readUInt32LE(9);
      if (!TYPES.has(type) || length > MAX_PAYLOAD) {
        bytes = bytes.subarray(1);
        continue;
      }
      if (bytes.length < HEADER_SIZE + length) break;
      const payload = bytes.subarray(HEADER_SIZE, HEADER_SIZE + length);
      frames.push({ channel: bytes.readUInt32LE(4), type, payload });
      bytes = bytes.subarray(HEADER_SIZE + length);
    }
    this.#rest = bytes;
    return frames;
  }
}
