// Docker is one that says what it was asked.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { readFinal } from '@playhouse/contract/compose/render/read-final';
import { beforeEach, expect, test } from 'vitest';
import { quietVoice } from '../../operations/step.ts';
import { openSecretBox } from '../../system/open-secret-box.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { contextApart } from '../context-apart.ts';
import type { ServicesContext, ServicesTools } from '../services-context.ts';
import { ServicesRecords } from '../services-record.ts';
import { sealSecrets } from '../services-secrets.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { pinnedImage } from './pinned-image.ts';
import { pullAgain, pullServiceImages } from './pull-images.ts';

const { order } = sampleRecord();
const named = 'registry.example/app:1';
const pinned = `${named}@sha256:${'a'.repeat(64)}`;

/** Images that are here, and those of the registry, by name: what they are made for. */
let here: Map<string, string>;
let registry: Map<string, string>;
/** Whatever changes images. */
let asked: string[];
let log: string[];

beforeEach(() => {
  [here, registry, asked, log] = [new Map(), new Map([[named, 'linux/amd64']]), [], []];
});

async function answer(words: readonly string[]) {
  const [verb, image = ''] = [words[0], words.at(-1)];
  const done = (stdout: string) => ({ exitCode: 0, stdout, stderr: '' });
  const failed = (stderr: string) => ({ exitCode: 1, stdout: '', stderr });
  if (verb === 'version') return done('linux/amd64\n');
  if (verb === 'image') {
    const platform = here.get(image);
    if (platform === undefined) return failed('no such image');
    if (words.includes('{{json .RepoDigests}}'))
      return done(JSON.stringify([`other.example/app@sha256:${'b'.repeat(64)}`, pinned.replace(':1@', '@')]));
    const [Os, Architecture] = platform.split('/');
    return done(JSON.stringify({ Id: `sha256:of ${platform}`, Os, Architecture }));
  }
  asked.push(words.join(' '));
  if (verb === 'tag') here.set(image, words[1]?.replace('sha256:of ', '') ?? '');
  const found = registry.get(image);
  if (verb !== 'pull') return done('');
  if (found === undefined) return failed('manifest unknown');
  here.set(image, found);
  return done('');
}

const docker = {
  ...{ plugins: '', withConfiguration: () => docker, try: answer },
  config: async (file: string) => ({
    ...{ exitCode: 0, stderr: '' },
    stdout: JSON.stringify(readFinal(await readFile(file, 'utf8'))),
  }),
};

async function contextOf(fields: string, healing = false): Promise<ServicesContext> {
  const folder = await temporaryDirectory();
  const records = new ServicesRecords(`${folder}/services`);
  await records.load();
  const box = await openSecretBox(`${folder}/key`);
  const credentials = { forRegistries: async () => new Map() };
  const tools = { records, box, credentials, installation: 'i', logins: async () => new Map() };
  const secrets = sealSecrets({ box }, order.id, {
    ...{ password: 'p', given: {}, templates: {}, variables: {} },
    environment: { global: {}, services: {} },
  });
  const text = `services: { web: { image: '${named}'${fields} } }\n`;
  await records.save(sampleRecord({ secrets, order: { ...order, compose: { text, file: 'x.yaml' } } }));
  await mkdir(records.files(order.id).folder, { recursive: true });
  const all = { ...tools, docker: async () => docker } as unknown as ServicesTools;
  return { ...contextApart(all, records, order.id), healing };
}

const voice = quietVoice((line) => void log.push(line), new AbortController().signal);
const pull = async (fields: string, step = pullServiceImages, healing = false) =>
  await step.run(await contextOf(fields, healing), voice);

test('an image is pulled when it is not here, for its platform, and not twice', async () => {
  registry.set(named, 'linux/arm64');
  await pull(', platform: linux/arm64');
  expect(asked).toEqual([`pull --platform linux/arm64 -- ${named}`]);
  await pull(', platform: linux/arm64');
  expect(asked).toHaveLength(1);
});

test('one that has another platform is told, and its name goes back to the one that had it', async () => {
  await expect(pull(', platform: linux/arm64')).rejects.toMatchObject({
    code: 'image-pull-failed',
    message: expect.stringContaining('for linux/amd64, not for linux/arm64'),
  });
  here.set(named, 'linux/arm64');
  await pull(', platform: linux/arm64', pullAgain);
  expect(here.get(named)).toBe('linux/arm64');
  expect(log.join('\n')).toContain('the one that is here is used');
});

test('what may never be pulled is told when it is missing; what is always to be is needed from the registry', async () => {
  await expect(pull(', pull_policy: never')).rejects.toMatchObject({ code: 'image-absent' });
  here.set(named, 'linux/amd64');
  for (const step of [pullServiceImages, pullAgain]) await pull(', pull_policy: never', step);
  expect(asked).toEqual([]);
  registry.clear();
  for (const step of [pullServiceImages, pullAgain])
    await expect(pull(', pull_policy: always', step)).rejects.toMatchObject({ code: 'image-pull-failed' });
  await pull('', pullAgain);
});

test('a heal asks for nothing new, and brings back the version that the final file names', async () => {
  here.set(named, 'linux/amd64');
  await pull(', pull_policy: always', pullServiceImages, true);
  expect(asked).toEqual([]);
  const context = await contextOf(', pull_policy: always', true);
  const { compose } = context.tools.records.files(context.id);
  await writeFile(compose, `services: { web: { image: '${pinned}' } }\n`);
  registry.set(pinned, 'linux/amd64');
  await pullServiceImages.run(context, voice);
  expect(asked).toEqual([`pull -- ${pinned}`]);
});

test('only a service that asks for newer images has the digest of the one that it was given', async () => {
  here.set(named, 'linux/amd64');
  const context = await contextOf('');
  const pin = async (pull_policy: string, image = named) =>
    await pinnedImage(context, { name: 'web', image, written: { pull_policy } }, docker);
  expect(
    await Promise.all(['always', 'daily', 'missing', 'never'].map(async (policy) => await pin(policy))),
  ).toEqual([...[pinned, pinned, null, null]]);
  expect(await pin('always', pinned)).toBeNull();
  here.set('local:1', 'linux/amd64');
  expect(await pin('always', 'local:1')).toBeNull();
});
