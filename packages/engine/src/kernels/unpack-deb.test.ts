import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { unpackTar } from './unpack-deb.ts';

/** An archive of files (text) and links (`-> target`). */
function archive(members: Readonly<Record<string, string>>): Readable {
  const tar = pack();
  for (const [name, content] of Object.entries(members)) {
    if (content.startsWith('-> ')) tar.entry({ name, type: 'symlink', linkname: content.slice(3) });
    else tar.entry({ name }, content);
  }
  tar.finalize();
  return Readable.from(tar);
}

test('the files of a kernel are unpacked, and nothing else', async () => {
  const target = await temporaryDirectory();
  const members = {
    './boot/vmlinuz-6.1': 'image',
    './usr/lib/modules/6.1/kernel/net/wg.ko': 'module',
    './usr/lib/modules/6.1/build': '-> /usr/src/linux',
    './etc/evil': 'x',
  };
  expect([...(await unpackTar(archive(members), target, 'x.deb'))]).toEqual(['6.1']);
  expect((await readdir(target, { recursive: true })).toSorted()).toEqual([
    'boot',
    'boot/vmlinuz-6.1',
    'modules',
    'modules/kernel',
    'modules/kernel/net',
    'modules/kernel/net/wg.ko',
  ]);
  expect(await readFile(`${target}/modules/kernel/net/wg.ko`, 'utf8')).toBe('module');
});

test('a link that would lead a later file outside is refused, and nothing is written there', async () => {
  const target = await temporaryDirectory();
  const outside = await temporaryDirectory();
  await mkdir(`${target}/boot`);
  const members = { './lib/modules/6.1/kernel': `-> ${outside}`, './lib/modules/6.1/kernel/x.ko': 'evil' };
  await expect(unpackTar(archive(members), target, 'x.deb')).rejects.toMatchObject({
    code: 'kernel-unusable',
  });
  expect(await readdir(outside)).toEqual([]);
});

test('an archive that is cut short fails', async () => {
  const path = `${await temporaryDirectory()}/x.tar`;
  const bytes = Buffer.concat(await archive({ './boot/vmlinuz-6.1': 'i'.repeat(5000) }).toArray());
  await writeFile(path, bytes.subarray(0, 2000));
  const target = await temporaryDirectory();
  const broken = unpackTar(Readable.from([await readFile(path)]), target, 'x.deb');
  await expect(broken).rejects.toMatchObject({ code: 'kernel-unusable' });
});
