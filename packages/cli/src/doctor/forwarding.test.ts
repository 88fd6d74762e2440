import { expect, test } from 'vitest';
import { droppingChains, judgeForwarding } from './forwarding.ts';

const chain = (family: string, table: string, name: string, policy: string) => ({
  chain: { family, table, name, type: 'filter', hook: 'forward', prio: 0, policy },
});
const docker = chain('ip', 'filter', 'FORWARD', 'drop');
const other = chain('inet', 'guard', 'forward', 'drop');
const listing = (...chains: object[]) =>
  JSON.stringify({ nftables: [{ metainfo: {} }, { table: {} }, ...chains] });

test('only chains that drop what is forwarded by IPv4 matter', () => {
  const found = droppingChains(
    listing(docker, other, chain('ip6', 'filter', 'FORWARD', 'drop'), chain('inet', 'a', 'b', 'accept')),
  );
  expect(found.map(({ table }) => table)).toEqual(['filter', 'guard']);
});

test('a host that drops nothing, and one where machines were let pass, are fine', () => {
  expect(judgeForwarding([], false)).toMatchObject({ verdict: 'good' });
  expect(judgeForwarding([docker.chain], true)).toMatchObject({ verdict: 'good' });
});

test('a firewall that nobody opened is named', () => {
  expect(judgeForwarding([docker.chain], false)).toMatchObject({
    verdict: 'warning',
    found: ['dropped by default: ip filter FORWARD'],
  });
  expect(judgeForwarding([docker.chain, other.chain], true)).toMatchObject({
    found: ['dropped by default: inet guard forward'],
  });
});
