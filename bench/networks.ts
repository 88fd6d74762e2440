// How long it takes to wire the networks of a large playground: five machines on three networks, resolvers included.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import { Networks } from '../packages/engine/src/networks/networks.ts';
import { planPlayground } from '../packages/engine/src/playgrounds/playground-plan.ts';
import { runOrFail } from '../packages/engine/src/system/run.ts';
import { runOk } from '../tests/end-to-end/support/process.ts';
import { median } from './measure.ts';
import type { Row } from './row.ts';

const runs = 11;

/** Every machine on the first network, the third also on the second, the others also on the last, which is private. */
const text = `
kind: playground
playground:
  networks:
    - { name: front, subnet: 172.16.0.0/24 }
    - { name: middle, subnet: 172.17.0.0/24 }
    - { name: back, subnet: 10.0.0.0/16, private: true }
  machines:
${['a', 'b', 'c', 'd', 'e']
  .map(
    (name) => `    - name: ${name}
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: / }]
      network: { interfaces: [{ network: front }, { network: ${name === 'c' ? 'middle' : 'back'} }] }`,
  )
  .join('\n')}
`;

export async function benchNetworks(): Promise<readonly Row[]> {
  const digits = randomBytes(2).toString('hex');
  const [devices, host] = [`ph${digits}-`, `phb${digits}`];
  const folder = await mkdtemp('/tmp/phb-');
  await runOk(['chmod', '755', folder]); // resolvers read their files without privileges
  // A namespace in the place of the host’s, as in the tests: nothing of the real one is touched.
  await runOk(['ip', 'netns', 'add', host]);
  const networks = new Networks(
    { devices, runFolder: folder, nameservers: ['192.0.2.53'] },
    async (argv, options) => await runOrFail(['nsenter', `--net=/run/netns/${host}`, '--', ...argv], options),
  );
  const { network } = planPlayground(record(), { devices, edgeRange: '100.64.0.0/10' });
  const samples: number[] = [];
  try {
    for (let count = 0; count < runs; count++) {
      const began = performance.now();
      await networks.wire(network);
      samples.push(performance.now() - began);
      await networks.unwire(network.name);
    }
  } finally {
    await networks.unwire(network.name);
    await runOk(['ip', 'netns', 'delete', host]);
    await rm(folder, { recursive: true, force: true });
  }
  const name = 'wiring 5 machines on 3 networks';
  return [{ name, figure: median(samples), unit: 'ms', bar: 500, samples }];
}

function record(): Parameters<typeof planPlayground>[0] {
  const { manifest, problems } = parseManifest(text, { file: 'bench.yaml' });
  if (problems !== undefined) throw new Error(JSON.stringify(problems));
  const order = {
    id: 'b'.repeat(24),
    number: 1,
    slug: 'bench',
    manifest,
    conditions: {},
    authorizedKeys: [],
    from: null,
  };
  const nothing = {
    error: null,
    machines: [],
    tasks: {},
    inputs: {},
    snapshotId: null,
    startupId: null,
    cut: null,
  };
  return { order, slot: 0, state: 'starting', established: false, ...nothing };
}
