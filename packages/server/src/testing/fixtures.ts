import type { Inventory } from '@playhouse/contract/link/report';
import type { Machine } from '@playhouse/contract/machine';

const mebibyte = 2 ** 20;

/** A playroom with one source, one kernel and memory for four machines of 512 MiB. */
export const inventory: Inventory = {
  accelerator: { class: 'tcg', evidence: ['test'] },
  runsOn: 'qemu 7.2 tcg',
  cpuCount: 2,
  memoryBudgetBytes: 2048 * mebibyte,
  sources: [
    {
      name: 'debian-12',
      kind: 'official',
      description: 'Debian 12',
      instead: null,
      baked: true,
      digest: null,
      imageDigest: null,
      sshServer: null,
      sizeBytes: null,
      users: ['root', 'laborant'],
      bakedAt: null,
    },
  ],
  kernels: [
    {
      name: '6.1',
      release: null,
      installed: true,
      digest: null,
      official: true,
      origin: null,
      sizeBytes: null,
    },
  ],
};

export const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDummy test@example';

/** The one machine of the playspec `debian` as an engine reports it once it runs. */
export function runningMachine(changes: Partial<Machine> = {}): Machine {
  return {
    name: 'debian',
    state: 'running',
    source: 'debian-12',
    kernel: '6.1',
    cpuCount: 2,
    ramBytes: 512 * mebibyte,
    machineType: 'microvm',
    drives: [],
    address: '172.16.0.2',
    interfaces: [{ device: 'eth0', network: 'local', address: '172.16.0.2', mac: '02:70:68:00:01:01' }],
    edgeAddress: '127.0.0.1',
    users: ['laborant', 'root'],
    defaultUser: 'laborant',
    hostKey: null,
    identity: null,
    ...changes,
  };
}

/** A manifest for the playspec `flexbox`. */
export function manifestWith(machine: { source?: string; kernel?: string; ramSize?: string }): string {
  return `kind: playground
playground:
  machines:
    - name: box
      users: [{ name: laborant }]
      kernel: '${machine.kernel ?? '6.1'}'
      drives: [{ source: ${machine.source ?? 'debian-12'}, mount: / }]
      network: { interfaces: [{ network: local }] }
      resources: { ramSize: ${machine.ramSize ?? '512MiB'} }
`;
}
