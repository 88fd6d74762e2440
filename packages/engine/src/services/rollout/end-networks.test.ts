import { writeFile } from 'node:fs/promises';
import { writeCompose } from '@playhouse/contract/compose/render/write-compose';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import type { Docker } from '../docker/docker.ts';
import { ServicesRecords } from '../services-record.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import type { ServicesTools } from '../services-context.ts';
import { endNetworks } from './end-networks.ts';

const network = (key: string) => ({ Id: `id-${key}`, Labels: { 'com.docker.compose.network': key } });

test('networks that a final file does not have go with their subnets, but for one that is in use, and one of somebody', async () => {
  const folder = await temporaryDirectory();
  const records = new ServicesRecords(folder);
  await records.load();
  const subnets = { default: '10.201.0.0/26', extra: '10.201.0.64/26', busy: '10.201.0.128/26' };
  await records.save(sampleRecord({ subnets }));
  const { id } = sampleRecord().order;
  const file = `${folder}/compose.yaml`;
  await writeFile(file, writeCompose({ services: {}, networks: { default: { name: 'x' } } }));
  const asked: string[] = [];
  const removed: string[] = [];
  const api = {
    ask: async (path: string) => {
      asked.push(decodeURIComponent(path));
      return [...['default', 'extra', 'busy'].map(network), { Id: 'id-own', Labels: null }];
    },
    remove: async (path: string) => {
      if (path.endsWith('busy')) throw new Error('network has active endpoints');
      removed.push(path);
    },
  };
  const context = { tools: { records } as unknown as ServicesTools, id };
  await endNetworks(context, { api } as unknown as Docker, file);
  expect(removed).toEqual(['/networks/id-extra']);
  expect(asked[0]).toContain(`playhouse.playground=${id}`);
  expect(Object.keys(records.find(id)?.subnets ?? {})).toEqual(['default', 'busy']);
  await endNetworks(context, { api } as unknown as Docker, `${folder}/nothing.yaml`);
  expect(removed).toHaveLength(1);
});
