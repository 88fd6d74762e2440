// How long machines stand still for a live fork, and how soon the fork answers.
import { Installation } from '../tests/end-to-end/support/installation.ts';
import { done, manifest, start } from './bench-playground.ts';
import { median } from './measure.ts';
import type { Row } from './row.ts';

const runs = 5;

/** Three machines of 512 MB, each with 100 MB of memory that changed since it was resumed. */
export async function benchLiveFork(): Promise<readonly Row[]> {
  await using installation = await Installation.running({ hostNetwork: true });
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
