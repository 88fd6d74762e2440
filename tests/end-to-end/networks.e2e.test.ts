import { afterAll, beforeAll, expect, test } from 'vitest';
import { installationId } from './support/host-objects.ts';
import { Installation } from './support/installation.ts';
import { Outside } from './support/outside.ts';
import { runOk, Service } from './support/process.ts';
import { arp, datagram, listen, sendFrames } from './support/raw-frames.ts';
import { countReached } from './support/reached.ts';
import { until } from './support/until.ts';
import { withoutFence } from './support/without-fence.ts';

/** One machine, and where it may go. */
const withEgress = (name: string, egress: string) => `
kind: playground
playground:
  egress: ${egress}
  machines:
    - name: ${name}
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: / }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 1, ramSize: 256MiB }
`;

/** Addresses of the shipped playspec `nat-gateway` as the engine plans them. */
const gatewayInside = { mac: '02:70:68:00:02:02', address: '192.168.10.2' };
const gatewayOutside = { mac: '02:70:68:00:02:01', address: '172.16.0.2' };
const client = { mac: '02:70:68:00:01:01', address: '192.168.10.10' };
const publicBridge = { mac: '02:70:68:ff:00:01', address: '172.16.0.1' };
const privateBridge = { mac: '02:70:68:ff:00:02', address: '192.168.10.1' };
const strangeMac = '02:70:68:00:09:09';

const resources = new AsyncDisposableStack();
let installation: Installation;
let outside: Outside;
const ids: string[] = [];
/** Host-side addresses by machine. */
const edges = new Map<string, string>();

beforeAll(async () => {
  installation = resources.use(await Installation.create({ bootTimeoutSeconds: 900 }));
  outside = resources.use(await Outside.connect(installation));
  await installation.configure(`nameservers: ${outside.privateAddress}`);
  // A host with Docker: its firewall drops what is forwarded, unless Docker or this chain lets it pass.
  for (const words of ['-N DOCKER-USER', '-A FORWARD -j DOCKER-USER', '-P FORWARD DROP'])
    await runOk([...installation.inNetns, 'iptables', '-w', ...words.split(' ')]);
  await installation.startServer();
  await installation.startEngine();
  const accepted = [
    await installation.start(null, 'nat-gateway'),
    await installation.start(null, 'two-networks'),
    await installation.start(withEgress('vm', '[allowed.example, 203.0.113.16/28]')),
    await installation.start(withEgress('shut', 'none')),
  ];
  for (const { playground, operation } of accepted) {
    ids.push(playground.id);
    const { status, error } = await installation.ended(operation.id, 1_500_000);
    if (status !== 'succeeded') throw new Error(`a start ${status}: ${JSON.stringify(error)}`);
    for (const { name, edgeAddress } of (await installation.playground(playground.id)).machines)
      edges.set(name, edgeAddress ?? '');
  }
}, 1_600_000);

afterAll(async () => await resources.disposeAsync());

/** What a command on a machine prints; a failing one throws with what it said. */
async function on(machine: string, command: string, user = 'root'): Promise<string> {
  const { code, stdout, stderr } = await attempt(machine, command, user);
  if (code !== 0) throw new Error(`${machine}: ${command} ended with ${code}: ${stderr}${stdout}`);
  return stdout.trim();
}

async function attempt(machine: string, command: string, user = 'root') {
  return await installation.ssh(edges.get(machine) ?? '', user, command);
}

test('machines have their interfaces in order, and a default route only by a network that is not private', async () => {
  const show = `ip -4 -br address show scope global | awk '{print $1, $3}'; ip route show default`;
  expect(await on('gateway', show)).toBe(
    'eth0 172.16.0.2/24\neth1 192.168.10.2/24\ndefault via 172.16.0.1 dev eth0',
  );
  expect(await on('router', show)).toBe('eth0 192.168.178.2/24\neth1 10.0.0.2/16');
});

test('names resolve by the hosts file and by the resolver, to the address nearest to who asks', async () => {
  const names = 'gateway client.internal gateway.public';
  const byResolver = `for name in ${names}; do getent -s hosts:dns ahostsv4 $name | awk 'NR == 1 {print $1}'; done`;
  expect(await on('gateway', byResolver)).toBe('172.16.0.2\n192.168.10.10\n172.16.0.2');
  expect(await on('client', byResolver)).toBe('192.168.10.2\n192.168.10.10\n172.16.0.2');
  expect(await on('client', 'getent hosts gateway gateway.public')).toMatch(
    /^192\.168\.10\.2 .*\n172\.16\.0\.2 /,
  );
  // A resolver of a private network asks nobody outside, and playgrounds do not know of each other.
  expect(await attempt('gateway', 'getent hosts leaf-01')).toMatchObject({ code: 2 });
  expect(await on('gateway', 'getent ahostsv4 other.example | head -n 1')).toContain(outside.otherAddress);
});

test('machines open each other by SSH as root and as the user, without a question', async () => {
  const ssh = (destination: string) => `ssh -o BatchMode=yes ${destination} 'echo $(id -un) on $(hostname)'`;
  expect(await attempt('gateway', ssh('client'), 'laborant')).toMatchObject({
    stdout: 'laborant on client\n',
    stderr: '',
  });
  expect(await attempt('client', ssh('root@gateway.internal'), 'laborant')).toMatchObject({
    stdout: 'root on gateway\n',
    stderr: '',
  });
  expect(await on('gateway', ssh(client.address))).toBe('root on client');
});

test('the forgeries are good ones: where the ports have no fence, every one of them works', async () => {
  const { number } = await installation.playground(ids[0] ?? '');
  const netns = `ph${await installationId(installation.state)}-${number}`;
  await withoutFence(netns, async () => {
    const worked = [...(await forgeInside()), ...(await forgeArp(claimsToBeTheGateway))];
    expect(worked.filter(([, success]) => !success).map(([what]) => what)).toEqual([]);
  });
});

test('host, other playgrounds, metadata, private ranges, forged addresses and ARP: all attempts are refused', async () => {
  const listener = `require('node:http').createServer((_, response) => response.end()).listen(8099)`;
  const service = new Service([...installation.inNetns, process.execPath, '-e', listener], {});
  const refused = new Map<string, boolean>();
  try {
    const hostEnds = [...edges.values()].map((edge) =>
      edge.replace(/\d+$/, (last) => `${(Number(last) & ~15) + 1}`),
    );
    const hostAddresses = [outside.hostAddress, outside.hostPrivateAddress, ...new Set(hostEnds)];
    const targets = [
      ...hostAddresses.map((address) => `${address} 8099`),
      ...[outside.metadataAddress, outside.privateAddress].map((address) => `${address} 80`),
      ...[...edges.values()].map((edge) => `${edge} 22`),
    ];
    await until(
      'all targets to answer the host',
      async () => (await countReached(installation.inNetns, targets)) === targets.length,
    );
    const script = [...targets, '192.168.178.10 22'].map(
      (target) => `(nc -z -w 4 ${target} && echo reached ${target} || echo refused ${target}) &`,
    );
    for (const line of (await on('gateway', `${script.join('\n')}\nwait`)).split('\n'))
      refused.set(line.replace(/^\w+ /, ''), line.startsWith('refused'));

    // The control: what is neither private nor the host’s is reached.
    expect(await on('gateway', `curl -s --max-time 20 http://${outside.address}`)).toBe(
      `you are ${outside.hostAddress}`,
    );
    const others = `ping -6 -c 2 -W 2 ff02::1%eth0 | grep 'bytes from' | grep -vF "$(ip -6 -br address show dev eth0 | grep -o 'fe80[^/]*')"`;
    refused.set('IPv6', (await attempt('gateway', others)).stdout === '');

    for (const [what, arrived] of [...(await forgeInside()), ...(await forgeOutside())])
      refused.set(what, !arrived);
    for (const [what, believed] of await forgeArp([...claimsToBeTheGateway, claimToBeTheNeighbour]))
      refused.set(what, !believed);

    await on('client', `ip route add default via ${privateBridge.address}`);
    const wayOut = `nc -z -w 4 ${outside.address} 80`;
    refused.set('the gateway of a private network', (await attempt('client', wayOut)).code !== 0);
    await on('client', 'ip route del default');
  } finally {
    await service.kill();
  }
  const attempts = [...refused];
  const succeeded = attempts.filter(([, was]) => !was).map(([what]) => what);
  console.log(`${attempts.length - succeeded.length} of ${attempts.length} refused`);
  expect(succeeded).toEqual([]);
  expect(attempts.length).toBeGreaterThanOrEqual(28);
});

/** Packets with forged senders to a neighbour; says of each whether it arrived. An honest one must. */
async function forgeInside(): Promise<readonly (readonly [string, boolean])[]> {
  const forged = {
    'a source that is nobody’s': { ...gatewayInside, address: '192.168.10.77' },
    'the source of the gateway': { ...gatewayInside, address: privateBridge.address },
    'a forged MAC': { ...gatewayInside, mac: strangeMac },
    'the MAC of the gateway': { ...gatewayInside, mac: privateBridge.mac },
  };
  const hearing = on('client', listen);
  const listens = async () => (await attempt('client', `grep -q ':270F ' /proc/net/udp`)).code === 0;
  await until('the neighbour to listen', listens);
  const frames = Object.entries(forged).map(([what, from]) => datagram(from, client, what));
  const honest = ['honest', 'end'].map((text) => datagram(gatewayInside, client, text));
  await on('gateway', sendFrames('eth1', [...frames, ...honest]));
  const lines = (await hearing).split('\n');
  expect(lines).toContain('honest');
  return Object.keys(forged).map((what) => [`${what}, to a neighbour`, lines.includes(what)]);
}

/** The same to the outside, by way of the gateway. */
async function forgeOutside(): Promise<readonly (readonly [string, boolean])[]> {
  const forged = {
    'a source that is nobody’s': { ...gatewayOutside, address: '172.16.0.77' },
    'a source on the Internet': { ...gatewayOutside, address: '198.51.100.5' },
    'the source of a machine of a private network': { ...gatewayOutside, address: client.address },
    'a link-local source': { ...gatewayOutside, address: '169.254.7.7' },
    'a host-side source': { ...gatewayOutside, address: edges.get('client') ?? '' },
    'a forged MAC': { ...gatewayOutside, mac: strangeMac },
  };
  const to = { ...publicBridge, address: outside.address };
  const frames = Object.entries(forged).map(([what, from]) => datagram(from, to, what));
  const honest = datagram(gatewayOutside, to, 'honest');
  await until('the outside to hear the honest packet', async () => {
    await on('gateway', sendFrames('eth0', [...frames, honest]));
    return (await outside.seen()).includes('honest');
  });
  const seen = await outside.seen();
  return Object.keys(forged).map((what) => [`${what}, to the outside`, seen.includes(what)]);
}

const claimsToBeTheGateway = (['request', 'reply'] as const).map((kind) =>
  arp(kind, gatewayInside.mac, privateBridge.address, client),
);
const claimToBeTheNeighbour = arp('reply', gatewayInside.mac, client.address, privateBridge);

/** Sends claims to be somebody else; says of each kind whether it was believed. */
async function forgeArp(claims: readonly Buffer[]): Promise<readonly (readonly [string, boolean])[]> {
  // A client that was fooled answers the host no more; so it watches itself, notes it, and forgets what it believed.
  const fooled = `ip neigh show ${privateBridge.address} | grep -q ${gatewayInside.mac}`;
  const watch = `for i in $(seq 100); do if ${fooled}; then touch /tmp/fooled; ip neigh flush all; fi; sleep 0.2; done`;
  // An entry is believed for a second after it was made or proven, and a new one is not proven again soon: a newer answer counts.
  const begin = `rm -f /tmp/fooled; ip neigh flush all; ping -c 1 -W 5 ${privateBridge.address}; sleep 1.5`;
  await on('client', `${begin}; (${watch}) > /dev/null 2>&1 < /dev/null &`);
  await on('gateway', sendFrames('eth1', claims));
  const outcome = await on('client', 'sleep 2; ls /tmp/fooled 2> /dev/null || echo not fooled');
  const believed = [['ARP for the gateway', outcome === '/tmp/fooled']] as const;
  if (!claims.includes(claimToBeTheNeighbour)) return believed;
  return [...believed, ['ARP for a neighbour', (await attempt('client', 'hostname')).stdout !== 'client\n']];
}

test('challenge: a router between two private networks', async () => {
  const greeting = 'nc -w 5 10.0.0.20 22 < /dev/null';
  expect(await attempt('leaf-01', greeting)).toMatchObject({ code: 1, stdout: '' });
  await on('router', 'sudo sysctl -w net.ipv4.ip_forward=1', 'laborant');
  await on('leaf-01', 'sudo ip route add 10.0.0.0/16 via 192.168.178.2', 'laborant');
  await on('leaf-02', 'sudo ip route add 192.168.178.0/24 via 10.0.0.2', 'laborant');
  const greeted = async () => (await attempt('leaf-01', greeting)).stdout.startsWith('SSH-2.0-');
  await until('the server behind the router to say who it is', greeted);
  const command = `ssh -o BatchMode=yes leaf-02 'echo $SSH_CONNECTION'`;
  expect(await on('leaf-01', command, 'laborant')).toMatch(/^192\.168\.178\.10 \d+ 10\.0\.0\.20 22$/);
});

test('challenge: a NAT gateway for a private network', async () => {
  const ask = `curl -s --max-time 20 http://allowed.example`;
  expect(await attempt('client', ask)).toMatchObject({ code: 6, stdout: '' });
  await on(
    'gateway',
    [
      'sudo sysctl -w net.ipv4.ip_forward=1',
      'sudo nft add table ip nat',
      `sudo nft add chain ip nat postrouting '{ type nat hook postrouting priority srcnat; }'`,
      'sudo nft add rule ip nat postrouting ip saddr 192.168.10.0/24 oifname eth0 masquerade',
    ].join(' && '),
    'laborant',
  );
  await on('client', 'sudo ip route add default via 192.168.10.2', 'laborant');
  expect(await on('client', ask)).toBe(`you are ${outside.hostAddress}`);
  // Through the gateway the host’s private ranges are as closed as before.
  expect(await attempt('client', `nc -z -w 4 ${outside.privateAddress} 80`)).toMatchObject({ code: 1 });
});

test('an egress policy lets machines out to its names and subnets only', async () => {
  const ask = (host: string) => `curl -s --max-time 20 http://${host}`;
  const welcome = `you are ${outside.hostAddress}`;
  // Not before its name was looked up.
  expect(await attempt('vm', ask(outside.address))).toMatchObject({ stdout: '' });
  expect(await on('vm', ask('allowed.example'))).toBe(welcome);
  expect(await on('vm', ask('below.allowed.example'))).toBe(welcome);
  expect(await on('vm', ask(outside.listedAddress))).toBe(welcome);
  // Refused at once, not only given up.
  expect(await attempt('vm', ask(outside.otherAddress))).toMatchObject({ code: 7, stdout: '' });
  expect(await attempt('vm', ask('other.example'))).toMatchObject({ code: 6 });
});

test('without egress a machine reaches nothing outside and learns no name, while those of its playground resolve', async () => {
  const ask = (host: string) => `curl -s -o /dev/null --max-time 20 http://${host}; echo $?`;
  const asked = [outside.address, outside.listedAddress, 'allowed.example'].map(ask);
  const ping = `ping -c 2 -W 2 ${outside.address} | grep -c 'bytes from'`;
  const name = `getent -s hosts:dns ahostsv4 shut | awk 'NR == 1 {print $1}'`;
  expect(await on('shut', [name, ...asked, `${ping} || true`].join('\n'))).toBe('172.16.0.2\n7\n7\n6\n0');
});

test('a resolver that died is started again', async () => {
  const resolvers = async () =>
    (await installation.hostObjects()).filter((name) => name.startsWith('dnsmasq '));
  const before = await resolvers();
  expect(before, 'one for each kind of network').toHaveLength(5);
  for (const name of before) process.kill(Number(name.split(' ')[1]), 'SIGKILL');
  await until('the resolvers to be back', async () => {
    const now = await resolvers();
    return now.length === before.length && !now.some((name) => before.includes(name));
  });
  expect(await on('vm', 'getent -s hosts:dns hosts vm.local')).toContain('172.16.0.2');
});

test('nothing of the networks is left', async () => {
  for (const id of ids) expect(await installation.destroy(id)).toMatchObject({ status: 'succeeded' });
  // The firewall of the host is the test’s own.
  expect(await runOk([...installation.inNetns, 'iptables', '-S', 'DOCKER-USER'])).toContain('-j ACCEPT');
  await runOk([...installation.inNetns, 'nft', 'delete', 'table', 'ip', 'filter']);
  expect(await installation.leftovers()).toEqual([]);
});
