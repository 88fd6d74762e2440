import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Run } from '../system/run.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { sampleNetwork } from '../testing/sample-network.ts';
import { Networks, ownerTag } from './networks.ts';
import type { PlaygroundNetwork } from './playground-network.ts';

/** A host on which commands are only written down; those that `fails` names end badly. */
async function fakeHost(
  state: {
    netns?: readonly string[];
    links?: readonly string[];
    resolvers?: readonly string[];
    alias?: string;
  },
  fails = '',
) {
  const commands: string[] = [];
  const links = JSON.stringify((state.links ?? []).map((ifname) => ({ ifname, ifalias: state.alias })));
  const run: Run = async (argv) => {
    const line = argv.join(' ');
    if (line.startsWith('ip -json link')) return { stdout: links, stderr: '', exitCode: 0 };
    commands.push(line);
    if (fails !== '' && line.includes(fails)) throw new Error(`${line} failed`);
    return { stdout: '', stderr: '', exitCode: 0 };
  };
  const resolvers = {
    start: async ({ name }: PlaygroundNetwork) => void commands.push(`resolvers of ${name} start`),
    stop: async () => {},
    list: async () => state.resolvers ?? [],
    missing: async () => [],
  };
  const netnsFolder = await temporaryDirectory();
  for (const name of state.netns ?? []) await writeFile(`${netnsFolder}/${name}`, '');
  const nameservers = ['192.0.2.53'];
  const options = { devices: 'ph1a2b-', runFolder: '/nowhere', nameservers, netnsFolder };
  return { commands, networks: new Networks(options, run, resolvers) };
}

test('wires a playground after removing what an earlier attempt left', async () => {
  const { commands, networks } = await fakeHost({ netns: ['ph1a2b-42'], links: ['ph1a2b-42'] });
  await networks.wire(sampleNetwork);
  expect(commands).toEqual([
    'ip link delete ph1a2b-42',
    'ip netns delete ph1a2b-42',
    'ip -batch -',
    expect.stringContaining('nsenter --net=/run/netns/ph1a2b-42 -- sysctl -e -q -w net.ipv4.ip_forward=1 '),
    'nsenter --net=/run/netns/ph1a2b-42 -- nft -f -',
    'nsenter --net=/run/netns/ph1a2b-42 -- ip -batch -',
    'resolvers of ph1a2b-42 start',
  ]);
});

test('what fails half-way is taken down again and told in our words', async () => {
  const { commands, networks } = await fakeHost({ netns: ['ph1a2b-42'] }, 'ip -batch');
  await expect(networks.wire(sampleNetwork)).rejects.toMatchObject({ code: 'network-failed' });
  expect(commands.at(-1)).toBe('ip netns delete ph1a2b-42');
});

test('unwiring what is not there is silent', async () => {
  const { commands, networks } = await fakeHost({ netns: ['ph1a2b-7'], links: ['docker0'] });
  await networks.unwire('ph1a2b-42');
  expect(commands).toEqual([]);
});

test('sees only what carries the name of this installation', async () => {
  const { networks } = await fakeHost({
    netns: ['ph1a2b-1', 'ph9999-1', 'cni-5'],
    links: ['ph1a2b-1', 'veth9'],
    resolvers: ['ph1a2b-2'],
  });
  expect(await networks.list()).toEqual({
    netns: ['ph1a2b-1'],
    links: ['ph1a2b-1'],
    resolvers: ['ph1a2b-2'],
  });
});

test('a network of the same name that is another playground’s is neither replaced nor removed', async () => {
  const there = { netns: ['ph1a2b-42'], links: ['ph1a2b-42'], alias: ownerTag('ph1a2b-', 'f'.repeat(24)) };
  const { commands, networks } = await fakeHost(there);
  await expect(networks.wire(sampleNetwork)).rejects.toMatchObject({ code: 'network-failed' });
  await networks.unwire(sampleNetwork.name, sampleNetwork.owner);
  expect(commands).toEqual([]);
});

test('resolvers are tended only where there is a network', async () => {
  const wired = await fakeHost({ netns: ['ph1a2b-42'] });
  await wired.networks.tend(sampleNetwork);
  expect(wired.commands).toEqual(['resolvers of ph1a2b-42 start']);
  const unwired = await fakeHost({});
  await unwired.networks.tend(sampleNetwork);
  expect(unwired.commands).toEqual([]);
});

test('finds a playground’s network by what its interface says', async () => {
  const alias = ownerTag('ph1a2b-', 'f'.repeat(24));
  const { networks } = await fakeHost({ links: ['ph1a2b-42'], alias });
  expect(await networks.ownedBy('f'.repeat(24))).toEqual(['ph1a2b-42']);
  expect(await networks.ownedBy('e'.repeat(24))).toEqual([]);
});
