// What a machine that runs listens on, as its kernel says. Pure.

/** The program whose output is read below: no tool of the image is needed but `cat`. */
export const listeningCommand = ['cat', '/proc/net/tcp', '/proc/net/tcp6'] as const;

const listening = '0A';

/** `tcp 0.0.0.0:22`, sorted, each once. */
export function parseListening(output: string): readonly string[] {
  const ports = output.split('\n').flatMap((line) => {
    const [, address, port, state] =
      /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line) ?? [];
    if (address === undefined || port === undefined || state !== listening) return [];
    return [`tcp ${addressOf(address)}:${Number.parseInt(port, 16)}`];
  });
  return [...new Set(ports)].toSorted();
}

/** The kernel prints words of four bytes, each in the machine’s order: little-endian. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).toReversed());
  const numbers = bytes.map((byte) => Number.parseInt(byte, 16));
  if (numbers.length === 4) return numbers.join('.');
  if (numbers.every((byte) => byte === 0)) return '[::]';
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((numbers[2 * index] ?? 0) << 8) | (numbers[2 * index + 1] ?? 0)).toString(16),
  );
  return `[${groups.join(':')}]`;
}
