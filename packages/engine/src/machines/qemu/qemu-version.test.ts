import { expect, test } from 'vitest';
import { parseQemuVersion, qemuVersion } from './qemu-version.ts';

test.each([
  ['QEMU emulator version 7.2.17 (Debian 1:7.2+dfsg-7+deb12u16)\nCopyright', [7, 2]],
  ['QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)', [10, 0]],
  ['QEMU emulator version 9.1.50', [9, 1]],
])('reads %s', (text, version) => {
  expect(parseQemuVersion(text)).toEqual(version);
});

test('refuses what is no version', () => {
  expect(() => parseQemuVersion('hello')).toThrow('QEMU said no version');
});

test('asks the installed QEMU', async () => {
  const version = await qemuVersion(async (argv) => {
    expect(argv).toEqual(['qemu-system-x86_64', '--version']);
    return { stdout: 'QEMU emulator version 7.2.17', stderr: '', exitCode: 0 };
  });
  expect(version).toEqual([7, 2]);
});
