import { afterEach, expect, test } from 'vitest';
import { type FakeApi, startFakeApi } from '../../testing/fake-api.ts';
import { runCli } from '../../testing/run-cli.ts';
import { samplePlayground } from '../../testing/samples.ts';

const { machines } = samplePlayground;
let api: FakeApi | undefined;
afterEach(async () => await api?.close());

async function drives(...words: string[]) {
  api = await startFakeApi({ 'playground.machines': () => ({ machines }) });
  return (await runCli(['playground', 'drives', '42', ...words], api.endpoint)).stdout;
}

test('each machine’s drives are shown in order', async () => {
  expect(await drives()).toMatchInlineSnapshot(`
    "MACHINE   DEVICE     SIZE     SOURCE      FILESYSTEM   MOUNT   ACCESS
    server    /dev/vda   10 GiB   debian-12   ext4         /       read-write
    server    /dev/vdb   1 GiB    -           raw          -       read-only
    "
  `);
});

test('as JSON, each machine’s name with its drives', async () => {
  expect(JSON.parse(await drives('-o', 'json'))).toEqual(
    machines.map(({ name, drives: list }) => ({ name, drives: list })),
  );
});
