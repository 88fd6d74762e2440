import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import type { Docker } from '../docker/docker.ts';
import type { ServicesTools } from '../services-context.ts';
import { ServicesRecords } from '../services-record.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { reserveSubnets } from './reserve-subnets.ts';

const idOf = (number: number) => String(number).padStart(24, '0');
const plain = { default: {}, back: { ipam: {} } };

/** A playroom with so many playgrounds, where Docker and the host have what is given. */
async function open(count = 1, routes: readonly string[] = []) {
  const root = await temporaryDirectory();
  const records = new ServicesRecords(root);
  const { order } = sampleRecord();
  for (let number = 1; number <= count; number++)
    await records.save(sampleRecord({ order: { ...order, id: idOf(number), number } }));
  const networks: object[] = [];
  const make = (Subnet: string, number = 0, key = '') =>
    networks.push({
      Labels: { 'playhouse.playground': idOf(number), 'com.docker.compose.network': key },
      IPAM: { Config: [{ Subnet }] },
    });
  const docker = { api: { ask: async () => networks } } as unknown as Docker;
  const stdout = JSON.stringify(['default', ...routes].map((dst) => ({ dst })));
  const execute = async () => ({ exitCode: 0, stdout, stderr: '' });
  const reserve = async (number = 1, wanted: Readonly<Record<string, object>> = plain) =>
    await reserveSubnets(
      { tools: { records } as unknown as ServicesTools, id: idOf(number) },
      wanted,
      docker,
      execute,
    );
  return { root, records, networks, make, reserve };
}

test('each network gets its own, which is written down and stays the same', async () => {
  const { root, reserve } = await open();
  const subnets = { default: '10.201.0.0/26', back: '10.201.0.64/26' };
  expect(await reserve()).toEqual(subnets);
  const later = new ServicesRecords(root);
  await later.load();
  expect(later.find(idOf(1))?.subnets).toEqual(subnets);
  expect(await reserve(1, { back: {}, default: {} })).toEqual(subnets);
  // One more of another version; the others keep theirs.
  expect(await reserve(1, { ...plain, more: {} })).toEqual({ ...subnets, more: '10.201.0.128/26' });
});

test('a hundred playgrounds that start at once have a hundred subnets, and one that is destroyed gives its back', async () => {
  const { records, reserve } = await open(101);
  const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
  const all = await Promise.all(numbers.map(async (number) => await reserve(number)));
  expect(new Set(all.flatMap((each) => Object.values(each))).size).toBe(200);
  const given = Object.values(records.find(idOf(40))?.subnets ?? {});
  await records.remove(idOf(40));
  expect(Object.values(await reserve(101))).toEqual(given);
});

test('what Docker or the host has is nobody’s', async () => {
  const { make, reserve } = await open(1, ['10.201.0.64/26', '10.201.0.130']);
  make('10.201.0.0/26');
  expect(await reserve()).toEqual({ default: '10.201.0.192/26', back: '10.201.1.0/26' });
});

test('what another network of the file asks for is left to it, and any name of a network is one', async () => {
  const { reserve } = await open();
  const own = { ipam: { config: [{ subnet: '10.201.0.0/25' }] } };
  expect(await reserve(1, { own, constructor: {}, toString: {} })).toEqual({
    constructor: '10.201.0.128/26',
    toString: '10.201.0.192/26',
  });
});

test('a network that is there is not made anew for a subnet', async () => {
  const { make, reserve, records } = await open();
  make('172.18.0.0/16', 1, 'default');
  expect(await reserve()).toEqual({ back: '10.201.0.0/26' });
  make('10.201.0.0/26', 1, 'back');
  expect(await reserve()).toEqual({ back: '10.201.0.0/26' });
  // One that was made again without.
  await records.change(idOf(1), { subnets: { default: '10.201.9.0/26', back: '10.201.0.0/26' } });
  expect(await reserve()).toEqual({ back: '10.201.0.0/26' });
});

test('one that somebody took while the network was not there is given up', async () => {
  const { make, reserve } = await open();
  await reserve();
  make('10.201.0.0/24');
  expect(await reserve()).toEqual({ default: '10.201.1.0/26', back: '10.201.1.64/26' });
});

test('where none is free Docker chooses', async () => {
  const { reserve } = await open(1, ['10.0.0.0/8']);
  expect(await reserve()).toEqual({});
});
