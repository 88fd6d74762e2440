// What goes over the WebSocket of a command in a container of a service: binary frames, a byte that says what it is, and its content.
import { z } from 'zod';

const kinds = { input: 0, stdout: 1, stderr: 2, inputEnd: 3, resize: 4, exit: 5 } as const;
const kindOfByte = new Map<number, ExecFrame['kind']>(
  Object.entries(kinds).map(([kind, byte]) => [byte, kind as ExecFrame['kind']]),
);

/** Of a terminal, in characters. */
export const terminalSizeSchema = z.object({
  columns: z.coerce.number().int().min(1).max(10_000),
  rows: z.coerce.number().int().min(1).max(10_000),
});
const exitSchema = z.object({ status: z.int().min(0).max(255) });

export type TerminalSize = z.infer<typeof terminalSizeSchema>;

/** `input`, `inputEnd` and `resize` come from the client; the others from the container. After `exit` nothing comes any more. */
export type ExecFrame =
  | { readonly kind: 'input' | 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | { readonly kind: 'inputEnd' }
  | ({ readonly kind: 'resize' } & TerminalSize)
  | { readonly kind: 'exit'; readonly status: number };

export function encodeExecFrame(frame: ExecFrame): Buffer {
  return Buffer.concat([Buffer.of(kinds[frame.kind]), contentOf(frame)]);
}

/** Null for what is no frame. */
export function decodeExecFrame(message: Buffer): ExecFrame | null {
  const kind = kindOfByte.get(message[0] ?? -1);
  const content = message.subarray(1);
  switch (kind) {
    case 'input':
    case 'stdout':
    case 'stderr':
      return { kind, bytes: content };
    case 'inputEnd':
      return { kind };
    case 'resize':
      return read(terminalSizeSchema, content, (size) => ({ kind, ...size }));
    case 'exit':
      return read(exitSchema, content, ({ status }) => ({ kind, status }));
    default:
      return null;
  }
}

function contentOf(frame: ExecFrame): Uint8Array {
  switch (frame.kind) {
    case 'input':
    case 'stdout':
    case 'stderr':
      return frame.bytes;
    case 'inputEnd':
      return Buffer.of();
    case 'resize':
      return Buffer.from(JSON.stringify({ columns: frame.columns, rows: frame.rows }));
    default:
      return Buffer.from(JSON.stringify({ status: frame.status }));
  }
}

function read<Value>(
  schema: z.ZodType<Value>,
  content: Buffer,
  frameOf: (value: Value) => ExecFrame,
): ExecFrame | null {
  try {
    const parsed = schema.safeParse(JSON.parse(content.toString()));
    return parsed.success ? frameOf(parsed.data) : null;
  } catch {
    return null;
  }
}
