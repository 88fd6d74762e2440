import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeApi, startFakeApi } from '../../testing/fake-api.ts';
import { runCli } from '../../testing/run-cli.ts';
import { sampleOperation, samplePlayground } from '../../testing/samples.ts';

const note = {
  code: 'manifest-ignored',
  file: 'lab.yaml',
  line: 3,
  column: 9,
  path: 'playground.tabs',
  message: '`playground.tabs` is accepted and has no effect: playgrounds have no page yet.',
  hint: 'Nothing needs to be done.',
};
const line =
  'note: lab.yaml:3:9 playground.tabs: `playground.tabs` is accepted and has no effect: playgrounds have no page yet. ' +
  'Nothing needs to be done.\n';

const home = mkdtempSync(join(tmpdir(), 'playhouse-cli-start-'));
let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi({
    'playground.start': () => ({ playground: samplePlayground, operation: sampleOperation, notes: [note] }),
    'playground.get': () => ({ playground: samplePlayground }),
  });
});
afterEach(() => api.close());
afterAll(() => rmSync(home, { recursive: true }));

const start = (...words: string[]) =>
  runCli(['playground', 'start', 'debian', ...words], api.endpoint, { home });

test('what the manifest says without effect is noted before the steps', async () => {
  const { status, stdout, stderr } = await start();
  expect(status).toBe(0);
  expect(stderr.startsWith(line)).toBe(true);
  expect(stdout).toMatch(/^pg-42-lab is running\./);
  const accepted = await start('--no-wait');
  expect(accepted.stderr).toBe(line);
  // A name, which somebody can remember, and not the id of an operation.
  expect(accepted.stdout).toBe('pg-42-lab is starting.\n  Follow it: playhouse logs pg-42-lab --follow\n');
});

test('--json carries the notes in its last line, waiting or not', async () => {
  for (const words of [['--json'], ['--json', '--no-wait']]) {
    const { stdout, stderr } = await start(...words);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ type: 'done', notes: [note] });
    expect(stderr).toBe(line);
  }
});

test('-q prints the id and no note', async () => {
  expect(await start('-q')).toEqual({ status: 0, stdout: `${samplePlayground.id}\n`, stderr: '' });
});
