// With a real Git.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { Credentials } from '../credentials/credentials.ts';
import { openSecretBox } from '../system/open-secret-box.ts';
import { runOrFail } from '../system/run.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { readComposeFile, readComposeFileInTurn } from './read-compose-file.ts';
import { ReadingTurns } from './reading-turns.ts';
import type { ServicesTools } from './services-context.ts';
import { commitFiles } from './testing/commit-files.ts';

let folder: string;
let tools: Pick<ServicesTools, 'credentials' | 'gitAuthorityFile' | 'repositoryFolders'>;

beforeEach(async () => {
  folder = await temporaryDirectory();
  const box = await openSecretBox(`${folder}/key`);
  const credentials = await Credentials.open({
    ...{ file: `${folder}/credentials.json`, box, run: `${folder}/run`, now: Date.now },
    tryRegistry: async () => {},
  });
  tools = { credentials, gitAuthorityFile: '', repositoryFolders: [folder] };
});

const image = (fields: string) => `services: { web: { image: x, ${fields} } }\n`;

test('the first of the usual names is taken; where there is none, all are named', async () => {
  const text = image('restart: always');
  const url = await commitFiles(join(folder, 'app'), { 'docker-compose.yml': text, 'compose.yml': text });
  const read = async (place: object) =>
    await readComposeFile(tools, { owner: 'ann', place: { repository: url, ...place } }, folder);
  expect((await read({})).origin).toMatchObject({ path: 'compose.yml', branch: null, repository: url });
  await expect(read({ path: 'deploy/compose.yaml' })).rejects.toMatchObject({
    code: 'compose-file-absent',
    message: expect.stringContaining('it has no `deploy/compose.yaml`'),
  });
  await expect(read({ branch: 'gone' })).rejects.toMatchObject({ code: 'branch-unknown' });
  const bare = await commitFiles(join(folder, 'bare'), { 'a.yaml': '' }, { 'out.yaml': '/etc/hostname' });
  const other = async (path?: string) =>
    await readComposeFile(
      tools,
      { owner: 'ann', place: { repository: bare, ...(path === undefined ? {} : { path }) } },
      folder,
    );
  await expect(other()).rejects.toThrow(
    'it has none of `playgrounds.yml`, `playgrounds.yaml`, `compose.yaml`',
  );
  await expect(other('out.yaml')).rejects.toThrow('is a link that leads out of it');
  // What is not fetched at once, for it is large.
  const long = image(`command: "${'x'.repeat(100_000)}"`);
  await commitFiles(join(folder, 'bare'), { 'long.yaml': long });
  await runOrFail(['git', '-C', join(folder, 'bare'), 'config', 'uploadpack.allowFilter', 'true']);
  await runOrFail(['git', '-C', join(folder, 'bare'), 'config', 'uploadpack.allowAnySHA1InWant', 'true']);
  expect((await other('long.yaml')).text).toBe(long);
  const closed = { ...tools, repositoryFolders: [] };
  await expect(
    readComposeFile(closed, { owner: 'ann', place: { repository: url } }, folder),
  ).rejects.toMatchObject({ code: 'repository-outside' });
  // Nothing is left of what was fetched.
  expect((await readdir(folder)).filter((name) => name.startsWith('reading-'))).toEqual([]);
}, 60_000);

test('whoever waits for others of their own for too long is told that, and not that the repository is at fault', async () => {
  const url = await commitFiles(join(folder, 'app'), { 'compose.yaml': image('restart: always') });
  const turns = new ReadingTurns();
  const asked = { owner: 'ann', place: { repository: url } };
  expect((await readComposeFileInTurn(turns, tools, asked, folder)).origin.path).toBe('compose.yaml');
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const { signal } = new AbortController();
  const others = [0, 1].map(async () => await turns.take('ann', signal, async () => await ended));
  await expect(
    readComposeFileInTurn(turns, tools, asked, folder, AbortSignal.timeout(10)),
  ).rejects.toMatchObject({
    code: 'repository-failed',
    message: expect.stringContaining('too many Compose files were being read'),
  });
  end();
  await Promise.all(others);
}, 60_000);
