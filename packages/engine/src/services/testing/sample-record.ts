import type { ServicesRecord } from '../services-record.ts';

/** The record of a running playground with one exposed service. */
export function sampleRecord(more: Partial<ServicesRecord> = {}): ServicesRecord {
  const text = 'services: { web: { image: x, labels: { playgrounds.port: 80 } } }\n';
  return {
    order: {
      ...{ id: 'f'.repeat(24), number: 7, slug: 'shop', variables: {}, services: {} },
      ...{ compose: { text, file: 'shop.yaml' }, domain: 'localhost', policy: {}, environment: {} },
      ...{ from: null, persistentId: null, profiles: [], owner: 'ann' },
    },
    ...{ state: 'running', error: null, parts: {}, established: true, next: null, nextImages: {} },
    ...{ secrets: 'SEALED', access: null, passwordHash: 'HASH' },
    maintenance: { all: null, services: {} },
    ...{ snapshotId: null, rewoundAt: null, filling: [], ends: {}, subnets: {} },
    ...more,
  };
}
