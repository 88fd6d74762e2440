import { expect, test } from 'vitest';
import { run } from '../system/run.ts';
import { cpioNewc } from './cpio-newc.ts';
import { initramfsEntries } from './initramfs.ts';

const contents = {
  init: Buffer.from('init'),
  busybox: Buffer.from('busybox!'),
  agent: Buffer.from('agent'),
  modules: [
    { name: 'virtio_ring', bytes: Buffer.from('a') },
    { name: 'virtio', bytes: Buffer.from('bc') },
  ],
};

test('modules sort by name in the order in which they are loaded', () => {
  const names = initramfsEntries(contents).map(({ name }) => name);
  expect(names.filter((name) => name.endsWith('.ko'))).toEqual([
    'modules/00-virtio_ring.ko',
    'modules/01-virtio.ko',
  ]);
});

test('the archive is one that cpio reads, the same for the same contents', async () => {
  const entries = initramfsEntries(contents);
  const archive = cpioNewc(entries);
  const listed = (await run(['cpio', '-t', '--quiet'], { input: archive })).stdout;
  expect(listed.trim().split('\n')).toEqual(entries.map(({ name }) => name));
  expect(cpioNewc(entries)).toEqual(archive);
});
