import { expect, test } from 'vitest';
import { run } from '../system/run.ts';
import { cpioNewc } from './cpio-newc.ts';
import { initramfsEntries } from './initramfs.ts';

const contents = {
  init: Buffer.from('init'),
  busybox: Buffer.from('busybox!'),
  agent: Buffer.from('agent'),
  modules: [
    { name: '00-virtio_ring.ko', bytes: Buffer.from('a') },
    { name: '01-virtio.ko', bytes: Buffer.from('bc') },
  ],
};

test('the archive is one that cpio reads, the same for the same contents', async () => {
  const entries = initramfsEntries(contents);
  const archive = cpioNewc(entries);
  const listed = (await run(['cpio', '-t', '--quiet'], { input: archive })).stdout;
  expect(listed.trim().split('\n')).toEqual(entries.map(({ name }) => name));
  expect(cpioNewc(entries)).toEqual(archive);
});
