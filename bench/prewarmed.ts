// How soon a prewarmed playspec’s machine answers, beside one that is booted, and what machines that were resumed take of memory.
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { Installation } from '../tests/end-to-end/support/installation.ts';
import { done, manifest } from './bench-playground.ts';
import { median } from './measure.ts';
import type { Row } from './row.ts';

const coldRuns = 3;
const warmRuns = 10;

/** Seconds since the request. */
interface Sample {
  /** Until the playground runs: its guest agent has set clock and seed, and written what it was given. */
  readonly running: number;
  /** Until a command over SSH was answered. */
  readonly answered: number;
}

export async function benchPrewarmed(): Promise<readonly Row[]> {
  await using installation = await Installation.running({ hostNetwork: true });
  const client = await installation.client();
  await client('playspec.create', { body: { name: 'warm', base: 'flexbox', manifest: manifest(1, 512) } });
  const cold = await samplesOf(installation, coldRuns);
  await client('playspec.prewarm', { parameters: { name: 'warm' } });
  while ((await client('playspec.get', { parameters: { name: 'warm' } })).playspec.prewarm?.state !== 'ready')
    await setTimeout(500);
  const warm = await samplesOf(installation, warmRuns);
  await client('playspec.keep-spare', { parameters: { name: 'warm' }, body: { wanted: true } });
  const spare = await samplesOf(installation, warmRuns, async () => await untilSpare(client));
  await client('playspec.keep-spare', { parameters: { name: 'warm' }, body: { wanted: false } });
  const shares = await sharesOf(installation, warmRuns);
  const middle = (samples: readonly Sample[], what: keyof Sample) =>
    median(samples.map((each) => each[what]));
  const ratio = (what: keyof Sample, samples: readonly Sample[], name: string, bar: number): Row => ({
    name,
    figure: middle(samples, what) / middle(cold, what),
    unit: '×',
    bar,
    samples: { cold, samples },
    notes: [
      `cold ${middle(cold, what).toFixed(2)} s, ${name.split(' ÷')[0]} ${middle(samples, what).toFixed(2)} s`,
    ],
  });
  return [
    ratio('running', warm, 'prewarmed ÷ cold, until the guest agent answered', 1 / 20),
    ratio('answered', warm, 'prewarmed ÷ cold, until a command over SSH', 1 / 8),
    ratio('running', spare, 'spare copy ÷ cold, until the guest agent answered', 1 / 20),
    ratio('answered', spare, 'spare copy ÷ cold, until a command over SSH', 1 / 8),
    {
      name: 'prewarmed start, request to running',
      figure: middle(warm, 'running') * 1000,
      unit: 'ms',
      bar: 300,
      samples: warm,
    },
    {
      name: `memory of each of ${warmRuns} resumed machines`,
      figure: median(shares),
      unit: 'MB',
      bar: 60,
      samples: shares,
    },
  ];
}

/** Waits until a copy stands by. */
async function untilSpare(client: Awaited<ReturnType<Installation['client']>>): Promise<void> {
  for (;;) {
    const { playspec } = await client('playspec.get', { parameters: { name: 'warm' } });
    const { state, error } = playspec.prewarm?.spare ?? {};
    if (state === 'ready') return;
    if (state === 'failed') throw new Error(`no spare copy: ${JSON.stringify(error)}`);
    await setTimeout(500);
  }
}

async function samplesOf(
  installation: Installation,
  runs: number,
  ready: () => Promise<void> = async () => {},
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let run = 0; run < runs; run++) {
    await ready();
    const began = performance.now();
    const id = await startWarm(installation);
    const running = (performance.now() - began) / 1000;
    const [machine] = (await installation.playground(id)).machines;
    const { code } = await installation.ssh(machine?.edgeAddress ?? '', 'root', 'true');
    if (code !== 0) throw new Error(`SSH ended with ${code}`);
    samples.push({ running, answered: (performance.now() - began) / 1000 });
    await installation.destroy(id);
  }
  return samples;
}

async function startWarm(installation: Installation): Promise<string> {
  const client = await installation.client();
  const authorizedKeys = [await installation.publicKey()];
  const started = await client('playground.start', { body: { playspec: 'warm', authorizedKeys } });
  await done(installation, started.operation.id);
  return started.playground.id;
}

/** What each machine takes right after all of them were resumed, in MB. */
async function sharesOf(installation: Installation, count: number): Promise<readonly number[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) ids.push(await startWarm(installation));
  const shares = await Promise.all((await installation.machineProcesses()).map(proportionalMegabytes));
  for (const id of ids) await installation.destroy(id);
  return shares;
}

/** The proportional set size: what is shared counts for each by its part. */
async function proportionalMegabytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return (Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) * 1024) / 1e6;
}
