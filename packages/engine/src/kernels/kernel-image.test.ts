import { expect, test } from 'vitest';
import { releaseOf } from './kernel-image.ts';

function image(version: string, magic = 'HdrS'): Buffer {
  const bytes = Buffer.alloc(0x4000);
  bytes.write(magic, 0x202, 'latin1');
  bytes.writeUInt16LE(0x3000, 0x20e);
  bytes.write(`${version}\0`, 0x3200, 'latin1');
  return bytes;
}

test('the release is what the header says first', () => {
  expect(releaseOf(image('6.1.0-42-cloud-amd64 (debian-kernel@lists.debian.org) #1 SMP'), 'k')).toBe(
    '6.1.0-42-cloud-amd64',
  );
  expect(releaseOf(image('6.12.1+deb13'), 'k')).toBe('6.12.1+deb13');
});

test('what is no kernel, or none with a name, is refused', () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.alloc(0x210),
    image('6.1', 'ELF!'),
    image(''),
    image('../../etc x'),
  ])
    expect(() => releaseOf(bytes, 'k')).toThrow(expect.objectContaining({ code: 'kernel-unusable' }));
  const short = image('6.1').subarray(0, 0x1000);
  expect(() => releaseOf(short, 'k')).toThrow(expect.objectContaining({ code: 'kernel-unusable' }));
});
