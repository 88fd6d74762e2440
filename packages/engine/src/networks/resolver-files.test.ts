import { expect, test } from 'vitest';
import { sampleNetwork } from '../testing/sample-network.ts';
import { planResolvers, resolverHosts } from './resolver-files.ts';

const plansOf = (egress: typeof sampleNetwork.egress) =>
  planResolvers({ ...sampleNetwork, egress }, ['192.0.2.53'], '/run/hosts').map((plan) => plan.configuration);

test('every address of every name is served', () => {
  expect(resolverHosts(sampleNetwork)).toBe(
    '172.16.0.2 web web.local\n10.0.0.2 web web.storage\n172.16.0.3 db db.local\n',
  );
});

test('networks with a way out and those without have resolvers of their own', () => {
  const [open, closed] = plansOf('open');
  expect(open).toMatchInlineSnapshot(`
    "user=dnsmasq
    group=nogroup
    keep-in-foreground
    log-facility=/dev/null
    pid-file
    no-resolv
    no-hosts
    no-poll
    bind-interfaces
    localise-queries
    bogus-priv
    listen-address=172.16.0.1
    addn-hosts=/run/hosts
    local=/web/
    local=/web.local/
    local=/web.storage/
    local=/db/
    local=/db.local/
    server=192.0.2.53
    "
  `);
  expect(closed).toContain('listen-address=10.0.0.1\n');
  expect(closed).not.toMatch(/^server=/m);
  // Two that start at the same time would trip over one pid file.
  expect(closed).toContain('pid-file\n');
  expect(plansOf('open')).toHaveLength(2);
});

test('without egress no name is asked for outside', () => {
  for (const text of plansOf('none')) expect(text).not.toMatch(/^server=/m);
});

test('of a list only the names are asked for, and their addresses let through', () => {
  const [open] = plansOf(['203.0.113.0/24', 'example.com']);
  expect(open?.split('\n').filter((line) => /^(server|nftset|cache)/.test(line))).toEqual([
    'cache-size=0',
    'server=/example.com/192.0.2.53',
    'nftset=/example.com/4#inet#playhouse#named',
  ]);
});
