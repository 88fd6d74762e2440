// Makes keys of machines as `ssh-keygen -t ed25519` would, without a program and a file for each.
import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { SshKeyPair } from './machine-config.ts';

const algorithm = 'ssh-ed25519';
const blockSize = 8;
const lineLength = 70;

/** A fresh key pair in OpenSSH’s format, which its PROTOCOL.key describes; without a passphrase. */
export async function makeSshKeyPair(comment: string): Promise<SshKeyPair> {
  const { privateKey } = await promisify(generateKeyPair)('ed25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  const [secret, open] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const publicBlob = Buffer.concat([field(algorithm), field(open)]);
  const check = randomBytes(4);
  const unpadded = Buffer.concat([
    ...[check, check, publicBlob],
    ...[field(Buffer.concat([secret, open])), field(comment)],
  ]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, -unpadded.length & (blockSize - 1)));
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    // No cipher, no derivation of its key, and nothing to derive it from; one key.
    ...[field('none'), field('none'), field(''), number(1)],
    ...[field(publicBlob), field(Buffer.concat([unpadded, padding]))],
  ]);
  const lines = whole.toString('base64').match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return {
    privateKey: [
      '-----BEGIN OPENSSH PRIVATE KEY-----',
      ...lines,
      '-----END OPENSSH PRIVATE KEY-----',
      '',
    ].join('\n'),
    publicKey: `${algorithm} ${publicBlob.toString('base64')} ${comment}\n`,
  };
}

function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
