// What a fork of a stopped playground takes, in time and on disk, after a little and after a lot was written.
import { readdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { bytesOnDisk } from '../packages/engine/src/system/bytes-on-disk.ts';
import { Installation } from '../tests/end-to-end/support/installation.ts';
import { done, manifest, start } from './bench-playground.ts';
import { median } from './measure.ts';
import type { Row } from './row.ts';

/** The steps that make a fork of a stopped playground, before its machines boot; after a little and after a lot was written. */
export async function benchStoppedFork(): Promise<readonly Row[]> {
  await using installation = await Installation.running({ hostNetwork: true });
  const samples: { readonly written: number; readonly ms: number; readonly bytes: number }[] = [];
  for (const written of [10, 2000]) {
    const id = await start(installation, manifest(1, 512));
    const client = await installation.client();
    const parameters = { playground: id };
    const address = (await installation.playground(id)).machines[0]?.edgeAddress ?? '';
    await installation.ssh(address, 'root', `head -c ${written}M /dev/zero | tr '\\0' x > /root/fill; sync`);
    await done(installation, (await client('playground.stop', { parameters })).operation.id);
    for (let run = 0; run < 3; run++) {
      const forked = await client('playground.fork', { parameters, body: { count: 1 } });
      const [child] = forked.playgrounds;
      const operations = [forked.operation.id, forked.operations[0]?.id ?? ''];
      await untilMade(installation, forked.operations[0]?.id ?? '');
      const bytes = await largestDrive(`${installation.state}/playgrounds/${child?.id}/machines/m0`);
      const ended = await Promise.all(
        operations.map(async (operation) => await done(installation, operation)),
      );
      const making = ended.flatMap(({ steps }) => steps).filter(({ label }) => forkSteps.has(label));
      const ms = making.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
      samples.push({ written, ms, bytes });
      await installation.destroy(child?.id ?? '');
    }
    await installation.destroy(id);
  }
  const middle = (written: number) =>
    median(samples.filter((each) => each.written === written).map(({ ms }) => ms));
  return [
    {
      name: 'fork of a stopped playground, 2 GB written',
      figure: middle(2000),
      unit: 'ms',
      bar: 100,
      samples,
    },
    {
      name: 'the same, bytes of a drive when it was made',
      figure: Math.max(...samples.map(({ bytes }) => bytes)) / 1e6,
      unit: 'MB',
      bar: 1,
      samples,
    },
    { name: 'the same ÷ 10 MB written', figure: middle(2000) / middle(10), unit: '×', bar: 1.2, samples },
  ];
}

const forkSteps = new Set(['Cutting machines', 'Taking up the snapshot', 'Preparing drives']);

/** Waits until the fork’s drives are there. Its machines write to them a moment later, as they boot. */
async function untilMade(installation: Installation, operation: string): Promise<void> {
  const client = await installation.client();
  for (;;) {
    const { steps, endedAt } = (await client('operation.get', { parameters: { operation } })).operation;
    if (
      endedAt !== null ||
      steps.some(({ label, status }) => label === 'Preparing drives' && status === 'done')
    )
      return;
    await setTimeout(5);
  }
}

async function largestDrive(folder: string): Promise<number> {
  const drives = (await readdir(folder)).filter((name) => name.endsWith('.qcow2'));
  return Math.max(...(await Promise.all(drives.map(async (name) => await bytesOnDisk(`${folder}/${name}`)))));
}
