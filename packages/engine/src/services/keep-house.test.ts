import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { type HouseParts, keepHouse } from './keep-house.ts';

test('the proxy is looked after though one playground cannot be looked at, which is told', async () => {
  const tend = vi.fn(async () => {});
  const told: unknown[] = [];
  const write = (line: string) => void told.push(JSON.parse(line));
  const ingress = { tend, release: async () => {}, refresh: async () => {} };
  const end = keepHouse({
    playgrounds: {
      lookAtAll: async () => await Promise.reject(new Error('it cannot be unsealed')),
      running: () => [],
      letGo: async () => {},
    },
    tools: { records: { all: () => [] }, ingress, dockerIfThere: async () => null },
    paths: { orphanedVolumes: `${await temporaryDirectory()}/kept.json` },
    settings: { followEverySeconds: 3600, orphanedVolumesHours: 1 },
    leave: () => {},
    log: pino({}, { write }),
  } as unknown as HouseParts);
  onTestFinished(end);
  await expect.poll(() => told).toMatchObject([{ err: { message: 'it cannot be unsealed' } }]);
  expect(tend).toHaveBeenCalled();
});
