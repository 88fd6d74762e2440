import { readFile, writeFile } from 'node:fs/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { type CraftedEntry, craftLayer, digestOf } from '../testing/layer.ts';
import { inspectLayer } from './inspect-layer.ts';
import { LayerGuard } from './layer-guard.ts';

const mebibyte = 1024 * 1024;

/** Inspects a layer; gives what was found, and the archive if it had to be written. */
async function inspect(
  bytes: Buffer,
  options: { limit?: number; digest?: string; signal?: AbortSignal } = {},
) {
  const folder = await temporaryDirectory();
  const [blob, target] = [`${folder}/blob`, `${folder}/tar`];
  await writeFile(blob, bytes);
  const guard = new LayerGuard({ bytes: options.limit ?? 64 * mebibyte, entries: 1000 });
  const digest = options.digest ?? digestOf(bytes);
  const layer = { source: 'oci://r/a:1', layer: 2, blob, digest, target, guard, limit: 'much' };
  const compression = await inspectLayer(layer, options.signal ?? new AbortController().signal);
  const content = await readFile(target).catch(() => null);
  return { compression, content, entries: guard.entries };
}

const plain: readonly CraftedEntry[] = [
  { name: 'etc/', type: 'directory' },
  { name: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\n' },
  { name: 'etc/mtab', type: 'symlink', linkname: '/proc/mounts' },
  { name: 'n'.repeat(150), content: 'a name that needs a longer header' },
  { name: 'big', content: Buffer.alloc(3 * mebibyte, 'x') },
];

test.each([
  ['as it is', 'none', (bytes: Buffer) => bytes],
  ['gzip', 'gzip', gzipSync],
  [
    'gzip in two parts',
    'gzip',
    (bytes: Buffer) => Buffer.concat([gzipSync(bytes.subarray(0, 700)), gzipSync(bytes.subarray(700))]),
  ],
])('all entries of a layer, %s, are looked at, and nothing is written', async (_, compression, compress) => {
  const found = await inspect(compress(await craftLayer(plain)));
  expect(found).toEqual({ compression, content: null, entries: plain.length });
});

test('of a layer that umoci could not read the archive is written, exactly', async () => {
  const content = await craftLayer(plain);
  const found = await inspect(zstdCompressSync(content));
  expect(found).toEqual({ compression: 'zstd', content, entries: plain.length });
});

test.each<[string, CraftedEntry]>([
  ['../../etc/cron.d/x', { name: '../../etc/cron.d/x', content: '* * * * * root id' }],
  ['dev/sda', { name: 'dev/sda', type: 'block-device', devmajor: 8, devminor: 0 }],
  ['dev/kmem', { name: 'dev/kmem', type: 'character-device', devmajor: 1, devminor: 2 }],
  ['shadow', { name: 'shadow', type: 'link', linkname: '../../../etc/shadow' }],
])('entry %s is refused, with layer and entry', async (name, hostile) => {
  await expect(inspect(gzipSync(await craftLayer([...plain, hostile, ...plain])))).rejects.toMatchObject({
    code: 'image-layer-refused',
    message: expect.stringContaining(
      `Layer 2 of the image \`oci://r/a:1\` is refused: entry \`${name}\``,
    ) as string,
  });
});

test('a name that would play with the terminal is made harmless', async () => {
  const hostile = { name: '../\u001b[2J\n', content: '' };
  const refused = inspect(await craftLayer([hostile]));
  await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('`../?[2J?`') as string });
});

test('a bomb is stopped at the limit, long before it is unpacked', async () => {
  const bomb = gzipSync(await craftLayer([{ name: 'zeros', content: Buffer.alloc(40 * mebibyte) }]));
  expect(bomb.byteLength).toBeLessThan(mebibyte / 8);
  await expect(inspect(bomb, { limit: 4 * mebibyte })).rejects.toMatchObject({ code: 'image-too-large' });
});

test('zeros behind the end of an archive count too', async () => {
  const bomb = gzipSync(Buffer.concat([await craftLayer(plain), Buffer.alloc(40 * mebibyte)]));
  await expect(inspect(bomb, { limit: 8 * mebibyte })).rejects.toMatchObject({ code: 'image-too-large' });
});

test('more entries than allowed are too large', async () => {
  const many = Array.from({ length: 1100 }, (_, at) => ({ name: `f${at}`, content: '' }));
  await expect(inspect(await craftLayer(many))).rejects.toMatchObject({ code: 'image-too-large' });
});

test('bytes that changed since they were fetched are noticed', async () => {
  const bytes = gzipSync(await craftLayer(plain));
  const wrong = inspect(bytes, { digest: digestOf('other') });
  await expect(wrong).rejects.toMatchObject({ code: 'image-digest-wrong' });
});

test.each([
  ['no archive', Buffer.from('this is no archive, but a text that is longer than a header '.repeat(20))],
  ['half an archive', gzipSync(Buffer.alloc(1))],
])('%s is refused', async (_, bytes) => {
  await expect(inspect(bytes)).rejects.toMatchObject({ code: 'image-layer-refused' });
});

test('an archive that ends too early is refused', async () => {
  const archive = await craftLayer(plain);
  const half = inspect(archive.subarray(0, archive.byteLength / 2));
  await expect(half).rejects.toMatchObject({ code: 'image-layer-refused' });
});

test('a cancelled inspection says so', async () => {
  const abort = new AbortController();
  abort.abort(new Error('stop'));
  await expect(inspect(gzipSync(await craftLayer(plain)), { signal: abort.signal })).rejects.toThrow('stop');
});
