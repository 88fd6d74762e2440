import type { ComparedMachine } from '@playhouse/contract/comparison';
import { resolveDrives } from '@playhouse/contract/manifest/resolve-drives';
import { resolveManifest } from '@playhouse/contract/manifest/resolve-manifest';
import type { StepVoice } from '../../operations/step.ts';
import type { DriveChain } from '../../layers/drive-chain.ts';
import type { SnapshotMachine, SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { withAppliance } from './appliance.ts';
import { compareScript, type DriveFindings, parseFindings } from './compare-script.ts';

const outputBytes = 8 * 1024 ** 2;
const scriptTimeoutMs = 1_800_000;

/** What is compared: a snapshot, and what its machines listen on, where that is known. */
export interface Side {
  readonly snapshot: SnapshotRecord;
  readonly ports: ReadonlyMap<string, readonly string[]>;
}

/** One drive of a machine on both sides; null where there is none. */
interface Pair {
  readonly device: string;
  readonly mount: string | null;
  readonly before: DriveChain | null;
  readonly after: DriveChain | null;
}

/** Compares all machines that either side has. Drives that lie on the same layers are the same and are not looked at. */
export async function compareMachines(
  tools: PlayroomTools,
  id: string,
  before: Side,
  after: Side,
  voice: Pick<StepVoice, 'detail' | 'progress' | 'signal'>,
): Promise<ComparedMachine[]> {
  const names = [
    ...new Set([...before.snapshot.machines, ...after.snapshot.machines].map(({ name }) => name)),
  ];
  const machines: ComparedMachine[] = [];
  for (const [done, name] of names.entries()) {
    voice.detail(name);
    voice.progress({ done, total: names.length, unit: 'machines' });
    const [one, other] = [machineOf(before, name), machineOf(after, name)];
    const pairs = pairsOf(
      after.snapshot.machines.some((each) => each.name === name) ? after : before,
      name,
      one,
      other,
    );
    const changed = pairs.filter((pair) => !isSame(pair.before, pair.after));
    const findings =
      changed.length === 0 ? [] : await lookAt(tools, id, kernelOf(after, before, name), changed, voice);
    machines.push({
      name,
      presence: one === null ? 'added' : other === null ? 'removed' : 'both',
      drives: changed.map(({ device, mount }, index) => {
        const { unreadable = 'it was not looked at', files = [], truncated = false } = findings[index] ?? {};
        return { device, mount, unreadable, files, truncated };
      }),
      packages: findings.flatMap(({ packages }) => packages),
      ports: { before: portsOf(before, name), after: portsOf(after, name) },
    });
  }
  return machines;
}

async function lookAt(
  tools: PlayroomTools,
  id: string,
  kernel: string,
  pairs: readonly Pair[],
  { signal }: Pick<StepVoice, 'signal'>,
): Promise<readonly DriveFindings[]> {
  const drives = pairs.flatMap(({ before, after }) => [before ?? [], after ?? []].flat());
  return await withAppliance(tools, { id, kernel, drives }, signal, async (agent, devices) => {
    const rest = [...devices];
    const next = (drive: DriveChain | null) => (drive === null ? '-' : (rest.shift() ?? '-'));
    const findings: DriveFindings[] = [];
    for (const { before, after } of pairs) {
      const words = [next(before), next(after)];
      const argv = ['/bin/busybox', 'sh', '-c', compareScript, 'compare', ...words] as const;
      const options = { argv, maxOutputBytes: outputBytes, timeoutMs: scriptTimeoutMs, signal } as const;
      findings.push(parseFindings((await agent.exec(options)).stdout));
    }
    return findings;
  });
}

function machineOf({ snapshot }: Side, name: string): SnapshotMachine | null {
  return snapshot.machines.find((machine) => machine.name === name) ?? null;
}

function portsOf({ ports }: Side, name: string): string[] | null {
  const known = ports.get(name);
  return known === undefined ? null : [...known];
}

/** Drives in the order of the manifest of the side that has the machine. */
function pairsOf(
  { snapshot }: Side,
  name: string,
  before: SnapshotMachine | null,
  after: SnapshotMachine | null,
): readonly Pair[] {
  const manifest = resolveManifest(snapshot.order.manifest).machines.find((machine) => machine.name === name);
  return resolveDrives(manifest?.drives ?? []).map(({ device, mount }, index) => ({
    ...{ device, mount },
    before: before?.drives[index] ?? null,
    after: after?.drives[index] ?? null,
  }));
}

function kernelOf(after: Side, before: Side, name: string): string {
  const machines = [after, before].flatMap(
    ({ snapshot }) => resolveManifest(snapshot.order.manifest).machines,
  );
  return machines.find((machine) => machine.name === name)?.kernel.source ?? '';
}

function isSame(one: DriveChain | null, other: DriveChain | null): boolean {
  return one?.layer === other?.layer && one?.layers.join() === other?.layers.join();
}
