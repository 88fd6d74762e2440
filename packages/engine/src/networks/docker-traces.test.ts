import { expect, test } from 'vitest';
import { dockerRemovals, isBare } from './docker-traces.ts';

/** As Docker 20 leaves it, with rules of others among its own. */
const filter = `-P INPUT ACCEPT
-P FORWARD ACCEPT
-N DOCKER
-N DOCKER-ISOLATION-STAGE-1
-N DOCKER-MINE
-N DOCKER-USER
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i eth0 -o docker0 -j REJECT
-A FORWARD -i eth0 -m comment --comment "not for docker0" -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-USER -j RETURN
`;
const removed = (listing: string) => dockerRemovals(listing).map((words) => words.join(' '));

test('Docker’s chains and the ways into them go, and nothing of others', () => {
  expect(removed(filter)).toEqual([
    '-D FORWARD -j DOCKER-USER',
    '-D FORWARD -j DOCKER-ISOLATION-STAGE-1',
    '-D FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-D FORWARD -o docker0 -j DOCKER',
    '-D FORWARD -i docker0 ! -o docker0 -j ACCEPT',
    ...['-F DOCKER', '-F DOCKER-ISOLATION-STAGE-1', '-F DOCKER-USER'],
    ...['-X DOCKER', '-X DOCKER-ISOLATION-STAGE-1', '-X DOCKER-USER'],
  ]);
});

test('so does what translates addresses', () => {
  const nat = `-P PREROUTING ACCEPT
-N DOCKER
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 10.201.0.0/26 ! -o docker0 -j MASQUERADE
-A POSTROUTING -s 10.0.0.0/24 -o eth0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
`;
  expect(removed(nat)).toEqual([
    '-D PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
    '-D OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER',
    '-D POSTROUTING -s 10.201.0.0/26 ! -o docker0 -j MASQUERADE',
    '-F DOCKER',
    '-X DOCKER',
  ]);
});

test('the chain for rules of others stays, and the way into it, for as long as there are some', () => {
  const used = removed(`${filter}-A DOCKER-USER -s 10.0.0.7/32 -j DROP\n`);
  expect(used.filter((words) => words.includes('DOCKER-USER'))).toEqual([]);
  expect(used).toContain('-X DOCKER');
});

test('a table is bare that has neither rules nor chains of its own, and drops nothing', () => {
  const described = (...entries: object[]) =>
    JSON.stringify({ nftables: [{ metainfo: {} }, { table: { family: 'ip', name: 'nat' } }, ...entries] });
  const hook = { name: 'POSTROUTING', hook: 'postrouting', policy: 'accept' };
  expect(isBare(described({ chain: hook }))).toBe(true);
  for (const entry of [
    { chain: { ...hook, policy: 'drop' } },
    { chain: { name: 'mine' } },
    { rule: {} },
    { set: {} },
  ])
    expect(isBare(described({ chain: hook }, entry))).toBe(false);
});
