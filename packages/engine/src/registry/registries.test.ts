import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import type { Run } from '../system/run.ts';
import { Registries } from './registries.ts';

async function open(answer: { exitCode: number; stderr: string } = { exitCode: 0, stderr: '' }) {
  const folder = await temporaryDirectory();
  const calls: { argv: readonly string[]; input: unknown }[] = [];
  const runProgram: Run = async (argv, options) => {
    calls.push({ argv, input: options?.input });
    return await Promise.resolve({ stdout: '', ...answer });
  };
  const options = {
    file: `${folder}/registries.json`,
    keyFile: `${folder}/secrets.key`,
    run: folder,
    insecure: ['plain.example:5000'],
    runProgram,
  };
  return { folder, options, calls, registries: await Registries.open(options) };
}

const credential = { registry: 'r.example', username: 'me', password: 'pass:word' };

test('a password is nowhere on disk or in arguments, and given to skopeo alone', async () => {
  const { folder, calls, options, registries } = await open();
  await registries.login(credential);
  expect(calls.flatMap(({ argv }) => argv).join(' ')).not.toContain(credential.password);
  expect(calls[0]?.input).toBe(credential.password);
  expect(await readFile(options.file, 'utf8')).not.toContain(credential.password);
  expect((await stat(options.file)).mode & 0o777).toBe(0o600);
  expect(await registries.list()).toMatchObject([{ registry: 'r.example', username: 'me' }]);
  let authFile = '';
  await registries.withAccess('r.example', async (access) => {
    ({ authFile } = access);
    expect((await stat(authFile)).mode & 0o777).toBe(0o600);
    const { auths } = JSON.parse(await readFile(authFile, 'utf8')) as {
      auths: Record<string, { auth: string }>;
    };
    expect(Buffer.from(auths['r.example']?.auth ?? '', 'base64').toString()).toBe('me:pass:word');
  });
  expect(existsSync(authFile)).toBe(false);
  expect((await readdir(folder)).toSorted()).toEqual(['registries.json', 'secrets.key']);
});

test('another registry gets no credential; a failure removes the file too', async () => {
  const { folder, registries } = await open();
  await registries.login(credential);
  const work = registries.withAccess('other.example', async ({ authFile }) => {
    expect(JSON.parse(await readFile(authFile, 'utf8'))).toEqual({ auths: {} });
    throw new Error('broken');
  });
  await expect(work).rejects.toThrow('broken');
  expect((await readdir(folder)).filter((name) => name.startsWith('auth-'))).toEqual([]);
});

test('a credential that the registry refuses is not kept', async () => {
  const stderr = 'level=fatal msg="logging into \\"r.example\\": invalid username/password"';
  const { registries } = await open({ exitCode: 1, stderr });
  await expect(registries.login(credential)).rejects.toMatchObject({ code: 'registry-unauthorized' });
  expect(await registries.list()).toEqual([]);
});

test('a credential outlives the engine, until it is forgotten', async () => {
  const { options, registries } = await open();
  await registries.login(credential);
  const again = await Registries.open(options);
  expect(await again.list()).toHaveLength(1);
  await again.logout('r.example');
  expect(await again.list()).toEqual([]);
  await expect(again.logout('r.example')).rejects.toMatchObject({ code: 'registry-unknown' });
});

test('what a killed engine left of private files is removed', async () => {
  const { folder, options } = await open();
  await mkdir(`${folder}/auth-left`);
  await Registries.open(options);
  expect(existsSync(`${folder}/auth-left`)).toBe(false);
});

test.each([
  ['127.0.0.1:5000', true],
  ['localhost', true],
  ['plain.example:5000', true],
  ['plain.example', false],
  ['127.0.0.1.example', false],
])('%s may be spoken to without TLS: %s', async (registry, insecure) => {
  const { registries } = await open();
  expect(
    await registries.withAccess(registry, async (access) => await Promise.resolve(access.insecure)),
  ).toBe(insecure);
});
