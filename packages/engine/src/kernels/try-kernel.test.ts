import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Run } from '../system/run.ts';
import { kernelFiles } from './kernel-store.ts';
import { trialLine, tryKernel } from './try-kernel.ts';

const files = kernelFiles('/k');
const host = {
  accelerator: { class: 'tcg', tscKhz: 2_000_000 },
  machine: { accelerator: 'tcg', user: 'playhouse-vm', version: [7, 2] },
} as const;
const { signal } = new AbortController();

/** A QEMU that prints this on the console and ends. */
const printing =
  (text: string): Run =>
  async (argv) => {
    const [, log = ''] = /path=([^, ]+)/.exec(argv.join(' ')) ?? [];
    await writeFile(log, text);
    return { stdout: '', stderr: '', exitCode: 0 };
  };

test('the kernel gets one of each device, and QEMU no more rights than a machine’s', () => {
  const line = trialLine(files, host, '/log').join(' ');
  for (const part of [
    'virtio-blk-device,drive=modules,serial=modules',
    'virtio-net-device',
    'virtserialport',
  ])
    expect(line).toContain(part);
  expect(line).toContain('-runas playhouse-vm');
  expect(line).toContain('playhouse.trial=1');
});

test('a kernel that finds its devices passes', async () => {
  const passes = tryKernel('mine', files, host, signal, printing('Linux\r\nPLAYHOUSE-TRIAL-OK\r\n'));
  expect(await passes).toBeGreaterThanOrEqual(0);
});

test('one that does not is refused with what init missed, or the end of the console', async () => {
  const missing = 'x\r\nplayhouse: error: the kernel finds no virtio network interface (virtio_net)\r\n';
  await expect(tryKernel('mine', files, host, signal, printing(missing))).rejects.toMatchObject({
    code: 'kernel-does-not-boot',
    message: expect.stringContaining('finds no virtio network interface') as string,
  });
  await expect(tryKernel('mine', files, host, signal, printing('a\r\nKernel panic'))).rejects.toMatchObject({
    message: expect.stringContaining('a | Kernel panic') as string,
  });
});
