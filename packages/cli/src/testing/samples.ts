import type { Operation, Step } from '@playhouse/contract/operation';
import type { Playground } from '@playhouse/contract/playground';

const createdAt = '2026-01-02T03:00:00.000Z';

export const samplePlayground: Playground = {
  id: '65f0c1d2e3a4b5c6d7e8f901',
  number: 42,
  slug: 'lab',
  name: 'pg-42-lab',
  title: 'My lab',
  playspec: { name: 'debian', version: 3 },
  owner: 'ann',
  kind: 'machines',
  status: 'running',
  services: [],
  result: null,
  machines: [
    {
      name: 'server',
      state: 'running',
      source: 'debian-12',
      kernel: '6.1',
      cpuCount: 2,
      ramBytes: 536_870_912,
      machineType: 'microvm',
      drives: [
        {
          device: '/dev/vda',
          sizeBytes: 10 * 1024 ** 3,
          source: 'debian-12',
          filesystem: 'ext4',
          mount: '/',
          readOnly: false,
        },
        {
          device: '/dev/vdb',
          sizeBytes: 1024 ** 3,
          source: null,
          filesystem: null,
          mount: null,
          readOnly: true,
        },
      ],
      address: '172.16.0.2',
      interfaces: [{ device: 'eth0', network: 'local', address: '172.16.0.2', mac: '02:70:68:00:01:01' }],
      edgeAddress: '100.64.0.3',
      users: ['root', 'laborant'],
      defaultUser: 'laborant',
      hostKey: 'ssh-ed25519 AAAA',
      identity: null,
    },
  ],
  tasks: [],
  conditions: {},
  error: null,
  lifetimeSeconds: null,
  expiresAt: null,
  onExpiry: 'destroy',
  operationId: '65f0c1d2e3a4b5c6d7e8f902',
  suspended: false,
  snapshotId: null,
  forkedFrom: null,
  hidden: false,
  createdAt,
  updatedAt: createdAt,
};

export function sampleStep(part: Partial<Step> & Pick<Step, 'label'>): Step {
  return { status: 'pending', startedAt: null, durationMs: null, detail: null, progress: null, ...part };
}

export const sampleOperation: Operation = {
  id: '65f0c1d2e3a4b5c6d7e8f902',
  kind: 'playground.start',
  subject: { kind: 'playground', id: samplePlayground.id, name: samplePlayground.name },
  status: 'succeeded',
  steps: [
    sampleStep({ label: 'Pulling images', status: 'done', durationMs: 40 }),
    sampleStep({ label: 'Booting machines', status: 'done', durationMs: 12_300, detail: 'server' }),
  ],
  error: null,
  createdAt,
  updatedAt: createdAt,
  endedAt: '2026-01-02T03:00:12.500Z',
};
