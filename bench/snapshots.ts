// What snapshots cost: how long machines stand still for a live fork, how soon a prewarmed one answers, what forks take of memory
// and disk.
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Operation } from '@playhouse/contract/operation';
import { bytesOnDisk } from '../packages/engine/src/system/bytes-on-disk.ts';
import { Installation } from '../tests/end-to-end/support/installation.ts';
import { median } from './measure.ts';
import type { Row } from './row.ts';

const runs = 3;
const forks = 10;

function manifest(machines: number, ramMiB: number): string {
  const machine = (index: number) => `
    - name: m${index}
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: /, size: 8GiB }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 1, ramSize: ${ramMiB}MiB }`;
  return `kind: playground\ntitle: What is measured\nplayground:\n  machines:${Array.from({ length: machines }, (_, index) => machine(index)).join('')}\n`;
}

export async function benchSnapshots(): Promise<readonly Row[]> {
  await using installation = await Installation.running({ hostNetwork: true });
  return [
    ...(await benchLiveFork(installation)),
    ...(await benchPrewarmed(installation)),
    ...(await benchStoppedFork(installation)),
  ];
}

/** Three machines of 512 MB, each with 100 MB of memory that changed since it was resumed. */
async function benchLiveFork(installation: Installation): Promise<readonly Row[]> {
  const id = await start(installation, manifest(3, 512));
  const client = await installation.client();
  const parameters = { playground: id };
  const pauses: number[] = [];
  const answers: number[] = [];
  for (let run = 0; run < runs; run++) {
    // Resumed anew each time: its memory is then that of the file it maps, but for what changes from now on.
    await done(installation, (await client('playground.suspend', { parameters })).operation.id);
    await done(installation, (await client('playground.restart', { parameters })).operation.id);
    for (const { edgeAddress } of (await installation.playground(id)).machines) {
      const fill = 'head -c 100M /dev/urandom > /dev/shm/fill';
      await installation.ssh(edgeAddress ?? '', 'root', fill);
    }
    const began = performance.now();
    const forked = await client('playground.fork', { parameters, body: { count: 1 } });
    const cut = await done(installation, forked.operation.id);
    const [child] = forked.playgrounds;
    await done(installation, forked.operations[0]?.id ?? '');
    answers.push((performance.now() - began) / 1000);
    pauses.push(Number(/for (\d+) ms/.exec(cut.steps[0]?.detail ?? '')?.[1]));
    process.stdout.write(`  run ${run + 1}: ${pauses.at(-1)} ms, ${answers.at(-1)?.toFixed(2)} s\n`);
    await installation.destroy(child?.id ?? '');
  }
  await installation.destroy(id);
  return [
    {
      name: 'live fork, 3 machines: they stand still for',
      figure: median(pauses),
      unit: 'ms',
      bar: 400,
      samples: pauses,
    },
    {
      name: 'live fork, 3 machines: the fork answers after',
      figure: median(answers),
      unit: 's',
      bar: 3,
      samples: answers,
    },
  ];
}

async function benchPrewarmed(installation: Installation): Promise<readonly Row[]> {
  const client = await installation.client();
  await client('playspec.create', { body: { name: 'warm', base: 'flexbox', manifest: manifest(1, 512) } });
  const once = async () => {
    const began = performance.now();
    const started = await client('playground.start', { body: { playspec: 'warm' } });
    await done(installation, started.operation.id);
    return { id: started.playground.id, seconds: (performance.now() - began) / 1000 };
  };
  const cold: number[] = [];
  for (let run = 0; run < 3; run++) {
    const { id, seconds } = await once();
    cold.push(seconds);
    await installation.destroy(id);
  }
  await client('playspec.prewarm', { parameters: { name: 'warm' } });
  while ((await client('playspec.get', { parameters: { name: 'warm' } })).playspec.prewarm?.state !== 'ready')
    await setTimeout(500);
  const warm: number[] = [];
  const ids: string[] = [];
  for (let run = 0; run < forks; run++) {
    const { id, seconds } = await once();
    warm.push(seconds);
    ids.push(id);
  }
  const shares = await Promise.all((await installation.machineProcesses()).map(proportionalMegabytes));
  for (const id of ids) await installation.destroy(id);
  const samples = { cold, warm };
  const notes = [
    `cold ${median(cold).toFixed(2)} s, prewarmed ${median(warm).toFixed(2)} s, request to running`,
  ];
  return [
    {
      name: 'prewarmed start ÷ cold start',
      figure: median(warm) / median(cold),
      unit: '×',
      bar: 1 / 20,
      samples,
      notes,
    },
    {
      name: 'prewarmed start, request to running',
      figure: median(warm) * 1000,
      unit: 'ms',
      bar: 300,
      samples: warm,
    },
    {
      name: `memory of each of ${forks} resumed machines`,
      figure: median(shares),
      unit: 'MB',
      bar: 60,
      samples: shares,
    },
  ];
}

/** The proportional set size: what is shared counts for each by its part. */
async function proportionalMegabytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return (Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) * 1024) / 1e6;
}

/** The steps that make a fork of a stopped playground, before its machines boot; after a little and after a lot was written. */
async function benchStoppedFork(installation: Installation): Promise<readonly Row[]> {
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
      const ended = await Promise.all(
        operations.map(async (operation) => await done(installation, operation)),
      );
      const making = ended.flatMap(({ steps }) => steps).filter(({ label }) => forkSteps.has(label));
      const ms = making.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
      const folder = `${installation.state}/playgrounds/${child?.id}/machines/m0`;
      const drives = (await readdir(folder)).filter((name) => name.endsWith('.qcow2'));
      const bytes = await Promise.all(drives.map(async (name) => await bytesOnDisk(`${folder}/${name}`)));
      samples.push({ written, ms, bytes: Math.max(...bytes) });
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
    { name: 'the same ÷ 10 MB written', figure: middle(2000) / middle(10), unit: '×', bar: 1.2, samples },
  ];
}

const forkSteps = new Set(['Cutting machines', 'Taking up the snapshot', 'Preparing drives']);

async function start(installation: Installation, text: string): Promise<string> {
  const { playground, operation } = await installation.start(text);
  await done(installation, operation.id);
  return playground.id;
}

/** Waits for an operation, asking often: what is measured is not to wait for the question. */
async function done(installation: Installation, id: string): Promise<Operation> {
  const client = await installation.client();
  for (;;) {
    const { operation } = await client('operation.get', { parameters: { operation: id } });
    if (operation.status === 'succeeded') return operation;
    if (operation.endedAt !== null)
      throw new Error(`${operation.kind} failed: ${JSON.stringify(operation.error)}`);
    await setTimeout(10);
  }
}
