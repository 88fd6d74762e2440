import type { Service } from '@playhouse/contract/service';
import { expect, test } from 'vitest';
import { serviceTable } from './service-table.ts';

const service: Service = {
  ...{ name: 'web', kind: 'static', state: 'running', image: 'w:1', url: null, visibility: null },
  ...{ exitCode: null, healthOutput: null, branch: null, commit: null, dirty: null, maintenance: null },
  ...{
    standing: null,
    standingDetail: null,
    nextImage: null,
    watched: false,
    production: false,
    drift: null,
  },
};

test('a service that drifted says in what', () => {
  expect(serviceTable([service])).toContain('running   -');
  expect(serviceTable([{ ...service, state: 'pending', drift: 'missing' }])).toContain(
    'pending, a container is missing',
  );
  expect(serviceTable([{ ...service, drift: 'other-image' }])).toContain('running, runs another image');
});
