import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import type { Docker } from '../docker/docker.ts';
import { createVolume, declaredVolumes } from './create-volume.ts';

const order = { id: 'f'.repeat(24), number: 7, slug: 'shop', persistentId: null };

test('the volumes of a file that are kept here are those without a driver or options of their own', () => {
  const text = `volumes:
  data: { name: pg-7-shop_data, labels: { a: "b$$c" } }
  lasting: { name: pv-1-2_lasting, external: true }
  share: { name: pg-7-shop_share, driver_opts: { type: nfs } }
  other: { name: pg-7-shop_other, driver: cloud }
`;
  expect(declaredVolumes(text)).toEqual([
    { key: 'data', name: 'pg-7-shop_data', labels: { a: 'b$c' } },
    { key: 'lasting', name: 'pv-1-2_lasting', labels: {} },
  ]);
  expect(declaredVolumes('services: {}\n')).toEqual([]);
});

test('a volume is made as Docker Compose would; one of somebody else is not touched', async () => {
  const folder = await temporaryDirectory();
  const ran: (readonly string[])[] = [];
  const dockerOf = (owner: string, playspec: string) =>
    ({
      run: async (words: readonly string[]) => {
        ran.push(words);
        return { exitCode: 0, stderr: '', stdout: `${folder}/_data\n${owner}\n${playspec}\n` };
      },
    }) as unknown as Docker;
  const volume = { key: 'data', name: 'shared', labels: { 'playhouse.playground': order.id } };
  expect(await createVolume(dockerOf(order.id, ''), order, volume)).toBe(`${folder}/_data`);
  expect(ran[0]).toEqual([
    ...['volume', 'create', '--label', `playhouse.playground=${order.id}`],
    ...['--label', 'com.docker.compose.project=pg-7-shop', '--label', 'com.docker.compose.volume=data'],
    ...['--', 'shared'],
  ]);
  const lasting = { ...order, persistentId: 'ab12' };
  expect(await createVolume(dockerOf('', 'ab12'), lasting, volume)).toBe(`${folder}/_data`);
  expect(await createVolume(dockerOf('', 'cd34'), lasting, volume)).toBeNull();
  expect(await createVolume(dockerOf('', 'ab12'), order, volume)).toBeNull();
  expect(await createVolume(dockerOf('e'.repeat(24), ''), order, volume)).toBeNull();
});
