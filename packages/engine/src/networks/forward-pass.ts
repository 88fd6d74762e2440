// A host’s own firewall may drop what is forwarded: Docker and ufw do so by default, and no rule of ours in another table can
// undo a drop. So packets from and to machines are let pass there; our own table goes on deciding which of them may.
import type { Run } from '../system/run.ts';

/** What `iptables` is asked to do so that packets of our interfaces pass, given what `iptables -S` prints. Pure. */
export function missingPasses(listing: string, devices: string): readonly (readonly string[])[] {
  const lines = listing.split('\n');
  if (!lines.includes('-P FORWARD DROP')) return [];
  // Docker looks into this chain before its own; it lives as long as Docker’s rules.
  const chain = lines.includes('-N DOCKER-USER') ? 'DOCKER-USER' : 'FORWARD';
  return passes(devices)
    .filter((rule) => !lines.includes(`-A ${chain} ${rule.join(' ')}`))
    .map((rule) => ['-I', chain, ...rule]);
}

/** What takes our passes back, wherever they are. Pure. */
export function presentPasses(listing: string, devices: string): readonly (readonly string[])[] {
  const ours = passes(devices).map((rule) => rule.join(' '));
  return listing.split('\n').flatMap((line) => {
    const [verb, chain = '', ...rule] = line.split(' ');
    return verb === '-A' && ours.includes(rule.join(' ')) ? [['-D', chain, ...rule]] : [];
  });
}

/** Adds the passes that are missing. Does nothing on a host without iptables: who drops there is for `doctor` to say. */
export async function openForwardPass(devices: string, execute: Run): Promise<void> {
  await change(missingPasses, devices, execute);
}

/** Takes the passes back. Idempotent. */
export async function closeForwardPass(devices: string, execute: Run): Promise<void> {
  await change(presentPasses, devices, execute);
}

function passes(devices: string): readonly (readonly string[])[] {
  return ['-i', '-o'].map((direction) => [direction, `${devices}+`, '-j', 'ACCEPT']);
}

async function change(plan: typeof missingPasses, devices: string, execute: Run): Promise<void> {
  const listing = await execute(['iptables', '-w', '-S']).catch(() => null);
  if (listing === null || listing.exitCode !== 0) return;
  for (const words of plan(listing.stdout, devices)) await execute(['iptables', '-w', ...words]);
}
