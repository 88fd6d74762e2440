// Whether the host’s own firewall lets machines out. Docker’s and ufw’s are opened by the engine; others are the operator’s.
import { runCommand } from '../system/run-command.ts';
import { type CheckResult, good, warning } from './check.ts';

const name = 'Forwarding';

interface BaseChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
}

/** The chains that drop forwarded IPv4 packets by default, out of `nft -j list chains`. Pure. */
export function droppingChains(json: string): readonly BaseChain[] {
  const { nftables } = JSON.parse(json) as {
    nftables: { chain?: BaseChain & { hook?: string; policy?: string } }[];
  };
  return nftables.flatMap(({ chain }) =>
    chain?.hook === 'forward' && chain.policy === 'drop' && ['ip', 'inet'].includes(chain.family)
      ? [chain]
      : [],
  );
}

/** Judges those chains; `passes` tells whether machines were let pass in iptables’ own. Pure. */
export function judgeForwarding(chains: readonly BaseChain[], passes: boolean): CheckResult {
  const others = chains.filter((chain) => !(chain.table === 'filter' && chain.name === 'FORWARD' && passes));
  if (others.length === 0)
    return good(name, chains.length === 0 ? 'nothing is dropped' : 'machines are let pass');
  const where = others.map((chain) => `${chain.family} ${chain.table} ${chain.name}`).join(', ');
  return warning(
    name,
    `dropped by default: ${where}`,
    'Let interfaces whose names begin with `ph` pass there, or machines do not reach the outside.',
  );
}

export async function checkForwarding(): Promise<CheckResult> {
  const { exitCode, stdout, stderr } = await runCommand(['nft', '-j', 'list', 'chains'], {
    timeoutSeconds: 10,
  });
  if (exitCode !== 0)
    return warning(name, `\`nft list chains\` failed: ${stderr.trim()}`, 'See the check `nftables`.');
  const chains = droppingChains(stdout);
  const listing = chains.length > 0 ? await iptables() : '';
  return judgeForwarding(chains, /^-A \S+ -i ph[0-9a-f]{4}-\+ -j ACCEPT$/m.test(listing));
}

/** The rules of iptables; nothing where it is not installed. */
async function iptables(): Promise<string> {
  return await runCommand(['iptables', '-w', '-S'], { timeoutSeconds: 10 }).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
