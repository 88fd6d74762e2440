import type { Installation } from './installation.ts';

/** Two machines, of which `client` counts over one TCP connection to `server` for as long as that holds. */
export const connectedPair = `
kind: playground
playground:
  machines:
    - name: client
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: / }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 1, ramSize: 256MiB }
    - name: server
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: / }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 1, ramSize: 256MiB }
`;

const serve = `
use IO::Socket::INET;
my $listener = IO::Socket::INET->new(LocalPort => 4000, Listen => 1, ReuseAddr => 1) or die;
my $peer = $listener->accept;
while (<$peer>) { print $peer $_; $peer->flush }
`;
const count = `
use IO::Socket::INET;
my $peer;
select undef, undef, undef, 0.1 until $peer = IO::Socket::INET->new(PeerAddr => "server:4000");
for (my $n = 1; ; $n++) {
  print $peer "$n\\n"; $peer->flush;
  die unless <$peer> == $n;
  open my $file, ">", "/run/counting"; print $file $n; close $file;
  rename "/run/counting", "/run/counted";
  select undef, undef, undef, 0.05;
}
`;

/** Has the pair connect and count. */
export async function startCounting(installation: Installation, addresses: PairAddresses): Promise<void> {
  const inBackground = (script: string) => `setsid perl -e '${script}' </dev/null >/dev/null 2>&1 &`;
  await installation.ssh(addresses.server, 'root', inBackground(serve));
  await installation.ssh(addresses.client, 'root', inBackground(count));
}

export interface PairAddresses {
  readonly client: string;
  readonly server: string;
}

export async function pairAddresses(installation: Installation, id: string): Promise<PairAddresses> {
  const { machines } = await installation.playground(id);
  const of = (name: string) => machines.find((machine) => machine.name === name)?.edgeAddress ?? '';
  return { client: of('client'), server: of('server') };
}

/** How far the client has counted; 0 when its connection broke. */
export async function counted(installation: Installation, { client }: PairAddresses): Promise<number> {
  const { stdout } = await installation.ssh(client, 'root', 'pgrep perl >/dev/null && cat /run/counted');
  return Number(stdout.trim() || 0);
}
