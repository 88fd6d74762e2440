// `playhouse source pull` against the same done by hand with the same tools, in pairs, each from nothing; and what a pull
// fetches of an image whose layers are nearly all here.
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { foreignImage } from '../tests/end-to-end/support/foreign-image.ts';
import { Installation } from '../tests/end-to-end/support/installation.ts';
import { repository } from '../tests/end-to-end/support/locations.ts';
import { type Layer, Registry } from '../tests/end-to-end/support/registry.ts';
import { median, timed } from './measure.ts';
import type { Row } from './row.ts';

const pairs = 5;
const bar = 1.3;
const mebibyte = 2 ** 20;

export async function benchPull(): Promise<readonly Row[]> {
  await using installation = await Installation.running({ hostNetwork: true });
  await using registry = await Registry.start(installation, randomInt(20_000, 30_000));
  const layers = await makeLayers();
  await registry.push('root:1', layers);
  const reference = `oci://${registry.name}/root:1`;
  const command = `${repository}/playhouse`;
  const sides = {
    platform: async () => {
      const { seconds } = await timed([command, 'source', 'pull', reference], installation.env);
      await timed([command, 'source', 'remove', reference], installation.env);
      return seconds;
    },
    hand: async () => await pullByHand(`docker://${registry.name}/root:1`),
  };
  const samples: { platform: number; hand: number }[] = [];
  for (let index = 0; index < pairs; index++) {
    const sample = { platform: 0, hand: 0 };
    // Each is first in every other pair, so that a drift of the machine’s speed favours neither.
    const order = index % 2 === 0 ? (['hand', 'platform'] as const) : (['platform', 'hand'] as const);
    for (const side of order) sample[side] = await sides[side]();
    samples.push(sample);
    process.stdout.write(`  pair ${index + 1}: ${JSON.stringify(sample)}\n`);
  }
  const middle = (side: 'platform' | 'hand') => median(samples.map((sample) => sample[side])).toFixed(2);
  const notes = [`platform ${middle('platform')} s, by hand ${middle('hand')} s (medians of ${pairs})`];
  const figure = median(samples.map(({ platform, hand }) => platform / hand));
  const row: Row = {
    name: 'source pull ÷ skopeo, umoci and mkfs by hand',
    figure,
    unit: '×',
    bar,
    samples,
    notes,
  };
  return [row, await benchShared(installation, registry, layers)];
}

/** The part of its blobs that a second image fetches when it has one small layer more than the first. */
async function benchShared(
  installation: Installation,
  registry: Registry,
  layers: readonly Layer[],
): Promise<Row> {
  await registry.push('root:2', [...layers, [{ name: 'etc/second', content: 'second' }]]);
  const pull = async (tag: number) => {
    registry.takeBlobRequests();
    const words = ['source', 'pull', `oci://${registry.name}/root:${tag}`];
    await timed([`${repository}/playhouse`, ...words], installation.env);
    return registry.takeBlobRequests();
  };
  const samples = [await pull(1), await pull(2)];
  // Its new layer and its configuration.
  const bars = 2;
  return {
    name: 'blobs fetched for one more small layer',
    figure: samples[1] ?? 0,
    unit: 'blobs',
    bar: bars,
    samples,
  };
}

/** Debian’s root and what does not compress, 250 MB together. */
async function makeLayers(): Promise<readonly Layer[]> {
  const files = Array.from({ length: 50 }, (_, at) => ({
    name: `opt/${at}`,
    content: randomBytes(mebibyte),
  }));
  return [await foreignImage(), files];
}

/** Seconds for what a person would type. */
async function pullByHand(image: string): Promise<number> {
  const folder = await mkdtemp('/tmp/phb-');
  try {
    const steps = [
      ['skopeo', 'copy', '--quiet', '--src-tls-verify=false', image, `oci:${folder}/oci:image`],
      ['umoci', 'unpack', '--image', `${folder}/oci:image`, `${folder}/bundle`],
      ['mkfs.ext4', '-q', '-d', `${folder}/bundle/rootfs`, `${folder}/root.ext4`, '1G'],
    ];
    let seconds = 0;
    for (const argv of steps) seconds += (await timed(argv)).seconds;
    return seconds;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
