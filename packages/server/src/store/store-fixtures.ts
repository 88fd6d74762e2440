import { manifestSchema } from '@playhouse/contract/manifest/manifest';
import type { Operation } from '@playhouse/contract/operation';
import type { StoredPlayground } from './playgrounds.ts';
import type { StoreKey } from './store-key.ts';

const at = '2026-01-01T00:00:00.000Z';

export function newPlayground(number: number): StoredPlayground {
  return {
    id: number.toString(16).padStart(24, 'a'),
    number,
    slug: 'lab',
    name: `pg-${number}-lab`,
    title: 'Lab',
    playspec: { name: 'flexbox', version: 1 },
    owner: 'admin',
    ownerId: 'admin',
    kind: 'machines',
    status: 'pending',
    machines: [],
    services: [],
    stack: null,
    tasks: [],
    conditions: {},
    error: null,
    lifetimeSeconds: null,
    expiresAt: null,
    onExpiry: 'destroy',
    operationId: newOperation(number).id,
    suspended: false,
    snapshotId: null,
    forkedFrom: null,
    hidden: false,
    spare: false,
    createdAt: at,
    updatedAt: at,
    manifest: manifestSchema.parse({ kind: 'playground', playground: {} }),
    authorizedKeys: ['ssh-ed25519 AAAA'],
    from: null,
    ramBytes: 8 * 2 ** 30,
    revision: 0,
  };
}

export function newOperation(number: number): Operation {
  return {
    id: number.toString(16).padStart(24, 'b'),
    kind: 'playground.start',
    subject: { kind: 'playground', id: number.toString(16).padStart(24, 'a'), name: `pg-${number}-lab` },
    status: 'pending',
    steps: [],
    error: null,
    createdAt: at,
    updatedAt: at,
    endedAt: null,
  };
}

/** A key that lies in no file, but stays as long as it is held. */
export function newStoreKey(): StoreKey {
  let kept: Uint8Array | null = null;
  return { file: 'memory', read: () => kept, keep: (key) => (kept = key) };
}
