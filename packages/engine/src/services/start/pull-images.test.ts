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
  asked.push(words.join(' '));
  if (verb === 'tag') here.set(image, words[1]?.replace('sha256:of ', '') ?? '');
  const found = registry.get(image);
  if (verb !== 'pull') return done('');
  if (found === undefined) return failed('manifest unknown');
  here.set(image, found);
  return done('');
}

/** What Docker says of itself and of its images. */
async function tell(path: string): Promise<unknown> {
  if (path === '/version') return { Os: 'linux', Arch: 'amd64' };
  const platform = here.get(decodeURIComponent(path.split('/')[2] ?? ''));
  if (platform === undefined) return null;
  const [Os, Architecture] = platform.split('/');
  const RepoDigests = [`other.example/app@sha256:${'b'.repeat(64)}`, pinned.replace(':1@', '@')];
  return { Id: `sha256:of ${platform}`, Os, Architecture, RepoDigests };
}

const docker = {
  api: { ask: tell },
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

const pinOf = async (
  context: ServicesContext,
  { policy = 'missing', image = named, anew = false, ...more }: Record<string, unknown> = {},
) =>
  await pinnedImage(
    context,
    { service: 'web', image: String(image), written: { pull_policy: policy, ...more } },
    docker,
    anew === true,
  );

test('what has a digest of its registry is pinned to it', async () => {
  here.set(named, 'linux/amd64');
  const context = await contextOf('');
  for (const policy of ['always', 'daily', 'missing', 'never'])
    expect(await pinOf(context, { policy })).toBe(pinned);
  expect(await pinOf(context, { image: pinned })).toBeNull();
  here.set('local:1', 'linux/amd64');
  expect(await pinOf(context, { image: 'local:1' })).toBeNull();
});

/** The playground was given a version of the image that its name does not mean any more. */
async function given(former: string, fields = ''): Promise<ServicesContext> {
  here.set(named, 'linux/amd64');
  const context = await contextOf(fields);
  const { compose } = context.tools.records.files(context.id);
  await writeFile(compose, `services: { web: { image: '${former}' } }\n`);
  return context;
}
const former = `${named}@sha256:${'c'.repeat(64)}`;

test('a service keeps the version that it was given when another playground has pulled a newer one', async () => {
  const context = await given(former);
  here.set(former, 'linux/amd64');
  for (const policy of ['missing', 'never']) expect(await pinOf(context, { policy })).toBe(former);
  await pullServiceImages.run(context, voice);
  expect(asked).toEqual([]);
  // Whoever asks a registry, or makes all anew, has what that gives.
  for (const policy of ['always', 'daily']) expect(await pinOf(context, { policy })).toBe(pinned);
  expect(await pinOf(context, { anew: true })).toBe(pinned);
  expect(await pinOf(context, { image: 'registry.example/app:2' })).toBeNull();
});

test('a version that was given is kept without its name being here, and not when it is gone or of another platform', async () => {
  const context = await given(former);
  expect(await pinOf(context)).toBe(pinned);
  here.set(former, 'linux/amd64');
  here.delete(named);
  await pullServiceImages.run(context, voice);
  expect([asked, await pinOf(context)]).toEqual([[], former]);
  here.set(named, 'linux/arm64');
  expect(await pinOf(context, { platform: 'linux/arm64' })).toBe(pinned);
});

test('one that was not pinned before is left as it is, so that nothing is made anew for that', async () => {
  expect(await pinOf(await given(named))).toBeNull();
  expect(await pinOf(await given(named), { anew: true })).toBe(pinned);
});
