const headerBytes = 8;
const stderrType = 2;

/** A piece of what a container says. */
export interface OutputPart {
  readonly stream: 'stdout' | 'stderr';
  readonly part: Buffer;
}

/** The frames in which Docker tells two outputs apart: type, three zeros, length, then so many bytes. What is cut short is left out. */
export async function* outputFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<OutputPart, void> {
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
