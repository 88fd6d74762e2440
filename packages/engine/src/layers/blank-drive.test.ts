import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { filesystems } from '@playhouse/contract/manifest/drive';
import { expect, test } from 'vitest';
import { type Run, run } from '../system/run.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { formatLine, makeBlankDrive } from './blank-drive.ts';

test.each(filesystems)('%s is made by its own program, in the image and nowhere else', (filesystem) => {
  const line = formatLine(filesystem, '/d/drive.raw');
  expect(line[0]).toBe(`mkfs.${filesystem}`);
  expect(line.filter((word) => word.startsWith('/'))).toEqual(['/d/drive.raw']);
});

/** Does what the programs would do to files, so that the test needs none of them. */
function recorded() {
  const lines: string[] = [];
  const sizes: number[] = [];
  const fake: Run = async (argv) => {
    lines.push(argv.slice(0, 2).join(' '));
    if (argv[0]?.startsWith('mkfs')) sizes.push((await stat(argv.at(-1) ?? '')).size);
    return { stdout: '', stderr: '', exitCode: 0 };
  };
  return { lines, sizes, fake };
}

test('a formatted drive is made in a sparse file of its size, which is gone afterwards', async () => {
  const { lines, sizes, fake } = recorded();
  const path = `${await temporaryDirectory()}/drive.qcow2`;
  await makeBlankDrive(path, { filesystem: 'xfs', sizeBytes: 100 * 1024 ** 3 }, fake);
  expect(lines).toEqual(['mkfs.xfs -q', 'qemu-img convert']);
  expect(sizes).toEqual([100 * 1024 ** 3]);
  expect(existsSync(`${path}.raw`)).toBe(false);
});

test('a raw drive needs no file system', async () => {
  const { lines, fake } = recorded();
  const path = `${await temporaryDirectory()}/drive.qcow2`;
  await makeBlankDrive(path, { filesystem: null, sizeBytes: 1024 ** 3 }, fake);
  expect(lines).toEqual(['qemu-img create']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('what mkfs refuses leaves no image behind', async () => {
  const path = `${await temporaryDirectory()}/drive.qcow2`;
  const failing: Run = async () => await Promise.reject(new Error('mkfs: no'));
  await expect(makeBlankDrive(path, { filesystem: 'ext4', sizeBytes: 4096 }, failing)).rejects.toThrow('no');
  expect(existsSync(`${path}.raw`)).toBe(false);
});

const hasTools = (await run(['sh', '-c', 'command -v qemu-img mkfs.ext4'])).exitCode === 0;

test.skipIf(!hasTools)('what comes out is small, private, and says its size', async () => {
  const path = `${await temporaryDirectory()}/drive.qcow2`;
  await makeBlankDrive(path, { filesystem: 'ext4', sizeBytes: 10 * 1024 ** 3 });
  const { size, mode } = await stat(path);
  expect(size).toBeLessThan(16 * 1024 ** 2);
  expect(mode & 0o777).toBe(0o600);
  expect((await run(['qemu-img', 'info', path])).stdout).toContain('virtual size: 10 GiB');
});
