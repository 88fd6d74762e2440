import { type Frame, FrameDecoder, FrameType, HEADER_SIZE, MAX_PAYLOAD, encodeFrame } from './frames.ts';

/** Magic, channel and type of READY: HELLO is said on channel 0. */
const READY = encodeFrame(0, FrameType.ready).subarray(0, 9);

/**
 * Finds the READY that carries our nonce in whatever the machine sends before it. Holds one frame's worth of bytes at
 * most: the machine may never come to the point.
 */
export class ReadyFinder {
  readonly #nonce: Buffer;
  #seen: Buffer = Buffer.alloc(0);

  constructor(nonce: Buffer) {
    this.#nonce = nonce;
  }

  /** Bytes that are held. */
  get held(): number {
    return this.#seen.length;
  }

  /** Takes the next bytes; gives READY once it is whole, with the decoder for all that follows. */
  push(chunk: Buffer): { readonly frame: Frame; readonly decoder: FrameDecoder } | undefined {
    const seen = Buffer.concat([this.#seen, chunk]);
    const start = this.#startOfReady(seen);
    // Without a start, only the end can hold the start of the answer.
    this.#seen = seen.subarray(start ?? Math.max(0, seen.length - HEADER_SIZE - this.#nonce.length));
    if (start === undefined) return undefined;
    const decoder = new FrameDecoder();
    const [frame] = decoder.push(this.#seen);
    return frame && { frame, decoder };
  }

  #startOfReady(seen: Buffer): number | undefined {
    for (let at = seen.indexOf(this.#nonce); at >= 0; at = seen.indexOf(this.#nonce, at + 1)) {
      const start = at - HEADER_SIZE;
      if (start < 0 || !seen.subarray(start, start + READY.length).equals(READY)) continue;
      const length = seen.readUInt32LE(start + READY.length);
      if (length >= this.#nonce.length && length <= MAX_PAYLOAD) return start;
    }
    return undefined;
  }
}
