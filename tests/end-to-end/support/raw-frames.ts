// Frames as a machine sends them that lies: built here byte by byte, sent inside the machine by Perl, which Debian always has.

export interface Sender {
  readonly mac: string;
  readonly address: string;
}

/** An Ethernet frame with a UDP datagram to port 9999 of `to`, said to come from `from`. */
export function datagram(from: Sender, to: Sender, text: string): Buffer {
  const body = Buffer.from(text);
  const udp = Buffer.alloc(8);
  [40_000, 9999, 8 + body.length, 0].forEach((value, index) => udp.writeUInt16BE(value, 2 * index));
  const header = Buffer.from([
    ...[0x45, 0, 0, 28 + body.length, 0, 1, 0, 0, 64, 17, 0, 0],
    ...addressBytes(from.address),
    ...addressBytes(to.address),
  ]);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([ethernet(from.mac, to.mac, 0x0800), header, udp, body]);
}

/** An ARP frame by which `mac` says that it has `claim`; as an answer, or as a question whose sender it is. */
export function arp(kind: 'request' | 'reply', mac: string, claim: string, to: Sender): Buffer {
  return Buffer.concat([
    ethernet(mac, to.mac, 0x0806),
    Buffer.from([0, 1, 8, 0, 6, 4, 0, kind === 'request' ? 1 : 2]),
    Buffer.from([...macBytes(mac), ...addressBytes(claim), ...macBytes(to.mac), ...addressBytes(to.address)]),
  ]);
}

/** A shell command that sends frames by an interface of a machine. Needs root there. */
export function sendFrames(device: string, frames: readonly Buffer[]): string {
  const script = [
    'socket($s, 17, 3, 0) or die $!;',
    'open($f, "<", "/sys/class/net/$ARGV[0]/ifindex") or die $!; $i = <$f>;',
    'shift; for (@ARGV) { send($s, pack("H*", $_), 0, pack("S n i S C C a8", 17, 0, $i, 0, 0, 6, "")) or die $!; }',
  ].join(' ');
  return `perl -e '${script}' ${device} ${frames.map((frame) => frame.toString('hex')).join(' ')}`;
}

/** A shell command that prints what arrives by UDP on port 9999, a line each, until `end` does or a minute has passed. */
export const listen = `perl -MSocket -e '$| = 1; alarm 60; socket($s, 2, 2, 17); bind($s, sockaddr_in(9999, INADDR_ANY)) or die $!; while (recv($s, $m, 99, 0)) { last if $m eq "end"; print "$m\\n"; }'`;

function ethernet(from: string, to: string, type: number): Buffer {
  return Buffer.from([...macBytes(to), ...macBytes(from), type >> 8, type & 255]);
}

function macBytes(mac: string): readonly number[] {
  return mac.split(':').map((byte) => Number.parseInt(byte, 16));
}

function addressBytes(address: string): readonly number[] {
  return address.split('.').map(Number);
}

function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  return ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
}
