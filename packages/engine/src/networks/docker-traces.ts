// What a Docker Engine leaves in the network of its host when it has ended: a bridge, and chains and rules of iptables.
import type { Run } from '../system/run.ts';

const bridge = 'docker0';
const families = [
  { program: 'iptables', family: 'ip' },
  { program: 'ip6tables', family: 'ip6' },
] as const;
const tables = ['filter', 'nat', 'raw'] as const;
/** Those of Docker 20 to 28. */
const chain = /^DOCKER(-USER|-FORWARD|-BRIDGE|-CT|-INTERNAL|-INGRESS|-ISOLATION-STAGE-[12])?$/;
/** What stands in chains that are not Docker’s own: ways into those, and what is said of its bridge. */
const outside = new RegExp(
  `^(FORWARD|PREROUTING|OUTPUT|POSTROUTING) (.* )?(-j DOCKER\\S*|(-i|-o) ${bridge} (.* )?-j (ACCEPT|MASQUERADE))$`,
);

/**
 * What `iptables` is asked to do so that nothing of Docker is in a table any more, given what `-S` prints of it. Rules of others are
 * left as they are, and with them `DOCKER-USER`, which is for those. Pure.
 */
export function dockerRemovals(listing: string): readonly (readonly string[])[] {
  const lines = listing.split('\n');
  const rules = lines.flatMap((line) => (line.startsWith('-A ') ? [line.slice(3)] : []));
  const inUse = rules.some((rule) => rule.startsWith('DOCKER-USER ') && rule !== 'DOCKER-USER -j RETURN');
  const goes = (name: string) => chain.test(name) && !(inUse && name === 'DOCKER-USER');
  const chains = lines.flatMap((line) =>
    line.startsWith('-N ') && goes(line.slice(3)) ? [line.slice(3)] : [],
  );
  const ways = rules.filter((rule) => {
    const [, into] = / -j (DOCKER\S*)$/.exec(rule) ?? [];
    return outside.test(rule) && (into === undefined || goes(into));
  });
  return [
    ...ways.map((rule) => ['-D', ...rule.split(' ')]),
    ...chains.map((name) => ['-F', name]),
    ...chains.map((name) => ['-X', name]),
  ];
}

/** True of a table that changes nothing, as `nft -j list table` describes it: what iptables makes and leaves, without a rule. Pure. */
export function isBare(description: string): boolean {
  const { nftables } = JSON.parse(description) as { nftables: readonly Readonly<Record<string, object>>[] };
  return nftables.every(
    ({ metainfo, table, chain: found }) =>
      metainfo !== undefined ||
      table !== undefined ||
      (found !== undefined && 'hook' in found && 'policy' in found && found.policy === 'accept'),
  );
}

/** Whether some Docker Engine, which may not run, has its bridge or rules here. */
export async function hasDockerTraces(execute: Run): Promise<boolean> {
  if (await hasBridge(execute)) return true;
  const listing = await attempt(execute, ['iptables', '-w', '-S']);
  return listing?.split('\n').some((line) => line.startsWith('-N ') && chain.test(line.slice(3))) ?? false;
}

/** Takes them away; no Docker Engine may run here. Does nothing while something is attached to the bridge. Idempotent. */
export async function removeDockerTraces(execute: Run): Promise<void> {
  if (await hasBridge(execute)) {
    const attached = await execute(['ip', '-json', 'link', 'show', 'master', bridge]);
    if (attached.stdout.includes('"ifname"')) return;
    await execute(['ip', 'link', 'delete', bridge, 'type', 'bridge']);
  }
  for (const { program, family } of families)
    for (const table of tables) {
      const listing = await attempt(execute, [program, '-w', '-t', table, '-S']);
      // A chain that somebody else leads to stays, empty.
      for (const words of dockerRemovals(listing ?? ''))
        await attempt(execute, [program, '-w', '-t', table, ...words]);
      const left = await attempt(execute, ['nft', '-j', 'list', 'table', family, table]);
      if (left !== null && isBare(left)) await attempt(execute, ['nft', 'delete', 'table', family, table]);
    }
}

async function hasBridge(execute: Run): Promise<boolean> {
  return (await attempt(execute, ['ip', '-json', 'link', 'show', bridge])) !== null;
}

/** What it printed; null when it did not work, or is not there. */
async function attempt(execute: Run, argv: readonly string[]): Promise<string | null> {
  const result = await execute(argv).catch(() => null);
  return result === null || result.exitCode !== 0 ? null : result.stdout;
}
