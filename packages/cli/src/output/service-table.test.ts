import { sampleService } from '@playhouse/contract/compose/testing/sample-service';
import type { Service } from '@playhouse/contract/service';
import { expect, test } from 'vitest';
import { serviceTable } from './service-table.ts';

const service = sampleService();

test('of new commits it is said how it is with their image, and why it could not be built', () => {
  const behind: Service = { ...service, branch: 'main', commit: 'a'.repeat(40), standing: 'behind' };
  const shown = (state: 'waiting' | 'building' | 'ready' | 'failed', detail: string | null = null) =>
    serviceTable([{ ...behind, nextImage: { commit: 'b'.repeat(40), state, detail } }]);
  expect(serviceTable([behind])).toMatch(/main@aaaaaaaa, new commits wait\n/);
  expect(shown('waiting')).toContain('new commits wait, bbbbbbbb waits to be built\n');
  expect(shown('building')).toContain('bbbbbbbb is being built\n');
  expect(shown('ready')).toContain('image of bbbbbbbb ready\n');
  expect(shown('failed', 'exit code: 1')).toMatch(
    /bbbbbbbb could not be built\nnew commits of web: exit code: 1\n$/,
  );
});

test('of one of a job that never ended by itself it is said why', () => {
  const lost: Service = {
    ...service,
    state: 'failed',
    watched: true,
    endDetail: 'did not run: x ended with 3',
  };
  expect(serviceTable([lost])).toMatch(/failed .*\nweb: did not run: x ended with 3\n$/);
});

test('a service that drifted says in what', () => {
  expect(serviceTable([service])).toContain('running   -');
  expect(serviceTable([{ ...service, state: 'pending', drift: 'missing' }])).toContain(
    'pending, a container is missing',
  );
  expect(serviceTable([{ ...service, drift: 'other-image' }])).toContain('running, runs another image');
  expect(serviceTable([{ ...service, drift: 'surplus' }])).toContain('running, a container too many');
});

test('of an image that is named by its digest as much is said as tells it from another', () => {
  const image = `registry.example/w:1@sha256:${'a1'.repeat(32)}`;
  expect(serviceTable([{ ...service, image }])).toMatch(/registry\.example\/w:1@sha256:a1a1a1a1a1a1\n/);
});
