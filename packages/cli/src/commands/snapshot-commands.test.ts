// Command lines about snapshots and what is made of them, against a server that speaks the contract.
import type { Operation } from '@playhouse/contract/operation';
import type { Playground } from '@playhouse/contract/playground';
import type { Layer, Snapshot } from '@playhouse/contract/snapshot';
import { afterEach, expect, test } from 'vitest';
import { type FakeApi, type FakeRoutes, startFakeApi } from '../testing/fake-api.ts';
import { type CliResult, runCli } from '../testing/run-cli.ts';
import { sampleOperation, samplePlayground } from '../testing/samples.ts';

let api: FakeApi | null = null;
afterEach(async () => {
  await api?.close();
  api = null;
});

async function cli(routes: FakeRoutes, line: string): Promise<CliResult> {
  api = await startFakeApi(routes);
  const result = await runCli(line.split(' '), api.endpoint);
  await api.close();
  api = null;
  return result;
}

const mebibyte = 2 ** 20;
const cost = { uniqueBytes: 12 * mebibyte, sharedBytes: 300 * mebibyte };
const snapshotId = '65f0c1d2e3a4b5c6d7e8f9aa';
const snapshot: Snapshot = {
  id: snapshotId,
  playgroundId: samplePlayground.id,
  playgroundName: samplePlayground.name,
  origin: 'fork',
  parentId: null,
  memory: true,
  savedAs: null,
  createdAt: '2026-01-02T03:00:00.000Z',
  offloadedAt: null,
  offloadFailure: null,
  verifiedAt: null,
  verifyFailure: null,
  volumes: [],
  checkouts: [],
  machines: [
    { name: 'server', drives: [{ device: '/dev/vda', layers: ['one', 'two'] }], memory: 'memory-one' },
  ],
  cost,
};
const cut: Operation = { ...sampleOperation, id: snapshotId, kind: 'playground.snapshot' };
const failed = {
  code: 'snapshot-failed',
  message: 'It could not be cut.',
  hint: 'It runs on.',
  step: 'Cutting',
};

function child(number: number): Playground {
  const identity = { renewed: ['machine-id', 'host keys'], shared: ['memory'], clockSkewMs: 0.42 };
  return {
    ...samplePlayground,
    id: `65f0c1d2e3a4b5c6d7e8f9${number}`,
    number,
    name: `pg-${number}-lab`,
    machines: samplePlayground.machines.map((machine) => ({ ...machine, identity })),
    forkedFrom: { playgroundId: samplePlayground.id, playgroundName: 'pg-42-lab', snapshotId },
  };
}

function startOf({ id, name }: Playground, status: Operation['status'] = 'succeeded'): Operation {
  return {
    ...sampleOperation,
    id: id.replace('65', '66'),
    subject: { kind: 'playground', id, name },
    status,
  };
}

test('a fork waits for all its children and tells what each has of its own', async () => {
  const forks = [child(43), child(44)];
  const bodies: unknown[] = [];
  const routes: FakeRoutes = {
    'playground.fork': ({ body }) => {
      bodies.push(body);
      return { operation: cut, playgrounds: forks, operations: forks.map((fork) => startOf(fork)) };
    },
    'playground.get': ({ parameters }) => ({
      playground: forks.find(({ id }) => id === parameters['playground']),
    }),
  };
  const { status, stdout, stderr } = await cli(
    routes,
    'playground fork 42 --count 2 --title Idea --lifetime 2h --on-expiry suspend',
  );
  expect(bodies).toMatchObject([
    {
      count: 2,
      title: 'Idea',
      lifetimeSeconds: 7200,
      onExpiry: 'suspend',
      authorizedKeys: [expect.stringMatching(/^ssh-ed25519 /) as string],
    },
  ]);
  expect(status).toBe(0);
  expect(stderr).toContain('Cutting pg-42-lab');
  expect(stderr).toContain('Starting pg-44-lab');
  expect(stdout).toBe(
    [
      'pg-43-lab is running.',
      'pg-44-lab is running.',
      '  Open a shell: playhouse ssh 43',
      '',
      'Of their own:  machine-id, host keys',
      'Still shared:  memory',
      'Clock off by:  0.4 ms',
      '',
    ].join('\n'),
  );
  const json = await cli(routes, 'playground fork 42 --json');
  expect(JSON.parse(json.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
    type: 'done',
    operation: { id: snapshotId },
    playgrounds: [{ number: 43 }, { number: 44 }],
  });
  const quiet = await cli(routes, 'playground fork 42 -q');
  expect(quiet.stdout).toBe(forks.map(({ id }) => `${id}\n`).join(''));
});

test('a fork fails with the error of the cut, or after it has told how each child ended', async () => {
  const forks = [child(43), child(44)];
  const [one, other] = forks.map((fork) => startOf(fork));
  const answer = (operation: Operation, second: Operation | undefined): FakeRoutes => ({
    'playground.fork': () => ({ operation, playgrounds: forks, operations: [one, second] }),
    'playground.get': ({ parameters }) => {
      const fork = forks.find(({ id }) => id === parameters['playground']);
      return { playground: fork?.number === 44 ? { ...fork, status: 'error' } : fork };
    },
  });
  const uncut = await cli(answer({ ...cut, status: 'failed', error: failed }, other), 'playground fork 42');
  expect([uncut.status, uncut.stdout]).toEqual([1, '']);
  expect(uncut.stderr).toContain('It could not be cut.');
  const broken = other && {
    ...other,
    status: 'failed' as const,
    error: { ...failed, message: 'No memory.' },
  };
  const half = await cli(answer(cut, broken), 'playground fork 42');
  expect(half.status).toBe(1);
  expect(half.stdout).toContain('pg-43-lab is running.\npg-44-lab is error.\n');
  expect(half.stderr).toContain('No memory.');
});

test('a playground is suspended, goes on cold or warm, is kept and taken back', async () => {
  const seen: unknown[] = [];
  const accepted = { playground: samplePlayground, operation: cut };
  const note = (what: unknown) => {
    seen.push(what);
    return accepted;
  };
  const routes: FakeRoutes = {
    'playground.suspend': () => accepted,
    'playground.restart': ({ query }) => note(query),
    'playground.snapshot': ({ body }) => note(body),
    'playground.rewind': ({ body }) => note(body),
    'playground.get': () => ({ playground: samplePlayground }),
    'snapshot.list': () => ({ snapshots: [snapshot] }),
  };
  expect((await cli(routes, 'playground suspend 42')).stdout).toBe(
    'pg-42-lab is suspended.\n  Let it go on: playhouse playground restart 42\n',
  );
  await cli(routes, 'playground restart 42');
  await cli(routes, 'playground restart 42 --cold');
  expect((await cli(routes, 'playground snapshot 42 --no-memory')).stdout).toBe(
    `pg-42-lab is kept as ${snapshotId}.\n  Go back to it: playhouse playground rewind 42 ${snapshotId}\n`,
  );
  expect((await cli(routes, 'playground rewind 42 65f0c1 --cold')).stdout).toBe(
    `pg-42-lab is running, as it was at ${snapshotId}.\n  What it was before is kept as ${snapshotId}.\n`,
  );
  expect(seen).toEqual([{}, { cold: 'true' }, { memory: false }, { snapshotId, cold: true }]);
  const unknown = await cli(routes, 'playground rewind 42 77');
  expect(unknown.stderr).toContain('There is no snapshot `77`.');
});

test('the tree of forks is drawn with lines', async () => {
  const node = (playground: Playground, snapshots: Snapshot[] | null) => ({ ...playground, snapshots });
  const stop = {
    ...snapshot,
    id: '65f0c1d2e3a4b5c6d7e8f9ab',
    origin: 'stop' as const,
    memory: false,
  };
  const source = { ...samplePlayground, status: 'stopped' as const, snapshotId: stop.id };
  const grandchild = {
    ...child(45),
    status: 'destroyed' as const,
    forkedFrom: { playgroundId: child(44).id, playgroundName: 'pg-44-lab', snapshotId: 'c'.repeat(24) },
  };
  const tree = {
    root: source.id,
    nodes: [
      node(source, [snapshot, stop]),
      node(child(43), []),
      node({ ...child(44), suspended: true, status: 'stopped' }, []),
      node(grandchild, []),
    ],
  };
  const { stdout } = await cli({ 'playground.tree': () => tree }, 'playground tree 43');
  expect(stdout).toBe(
    [
      'pg-42-lab  stopped  My lab',
      '├─ 65f0c1d2e3a4b5c6d7e8f9aa  fork, with memory, 4 min ago, 12 MiB',
      '│  ├─ pg-43-lab  running  My lab',
      '│  └─ pg-44-lab  suspended  My lab',
      '│     └─ removed snapshot cccccccccccccccccccccccc',
      '│        └─ pg-45-lab  destroyed  My lab',
      '└─ 65f0c1d2e3a4b5c6d7e8f9ab  stop, 4 min ago, 12 MiB  (last)',
      '',
    ].join('\n'),
  );
});

test('while the playroom does not say which snapshots there are, none is called removed', async () => {
  const node = (playground: Playground) => ({ ...playground, snapshots: null });
  const tree = { root: samplePlayground.id, nodes: [node(samplePlayground), node(child(43))] };
  const { stdout } = await cli({ 'playground.tree': () => tree }, 'playground tree 42');
  expect(stdout).toBe(
    ['pg-42-lab  running  My lab', `└─ ${snapshotId}`, '   └─ pg-43-lab  running  My lab', ''].join('\n'),
  );
});

test('snapshots and layers are listed, shown and removed, the vault is verified', async () => {
  const layer: Layer = {
    id: 'one',
    kind: 'disk',
    digest: null,
    bytes: 5 * mebibyte,
    local: true,
    offloaded: false,
    mergedFrom: ['two', 'three'],
    owners: [snapshotId],
    createdAt: null,
  };
  const seen: unknown[] = [];
  const routes: FakeRoutes = {
    'snapshot.list': ({ query }) => {
      seen.push(query);
      return { snapshots: [snapshot] };
    },
    'snapshot.get': () => ({ snapshot }),
    'snapshot.remove': () => ({ operation: cut }),
    'layer.list': () => ({ layers: [layer] }),
    'layer.get': () => ({ layer }),
    'vault.drill': ({ body }) => {
      seen.push(body);
      return { operation: { ...cut, kind: 'vault.drill' } };
    },
    'vault.verify': ({ body }) => {
      seen.push(body);
      return { operation: { ...cut, kind: 'vault.verify' } };
    },
  };
  const list = await cli(routes, 'snapshot list --playground 42');
  expect(list.stdout).toContain(
    `${snapshotId}   pg-42-lab   fork      yes      -          4 min ago   12 MiB`,
  );
  const shown = await cli(routes, `snapshot show ${snapshotId}`);
  expect(shown.stdout).toContain('Costs:     12 MiB of its own, 300 MiB shared');
  expect(shown.stdout).toContain('server    /dev/vda   one → two');
  expect((await cli(routes, `snapshot rm ${snapshotId} --force`)).stdout).toBe(`${snapshotId} is removed.\n`);
  expect((await cli(routes, 'layer list')).stdout).toContain('one   disk, 2 in one   5 MiB');
  const layerShown = (await cli(routes, 'layer show one')).stdout;
  expect(layerShown).toMatch(new RegExp(`Needed by: +${snapshotId}`));
  expect(layerShown).toMatch(/Merged from: +2 layers: two → three/);
  expect((await cli(routes, 'vault verify --sample')).stdout).toBe(
    'The vault was read and a part of everything found right.\n',
  );
  expect((await cli(routes, 'vault drill')).stdout).toContain('The drill went well');
  expect(seen).toEqual([{ playground: '42' }, { snapshotId: null, sample: true }, { snapshotId: null }]);
});

test('costs are columns, and are missing when nobody knows them', async () => {
  const routes = (costs: unknown): FakeRoutes => ({
    'playground.list': ({ query }) => {
      expect(query).toEqual({ costs: 'true' });
      return { playgrounds: [samplePlayground], costs };
    },
    'playground.get': () => ({ playground: samplePlayground, cost }),
  });
  const known = await cli(routes({ [samplePlayground.id]: cost }), 'playground list');
  expect(known.stdout).toMatch(/EXPIRES {3}OWN {6}SHARED\n.*-\s+12 MiB {3}300 MiB\n/);
  expect((await cli(routes(null), 'playground list')).stdout).toMatch(/OWN {3}SHARED\n.*- {5}-\n/);
  expect((await cli(routes(null), 'playground status 42')).stdout).toContain('12 MiB of its own');
});
