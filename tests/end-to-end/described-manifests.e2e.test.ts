// Manifests of the described system as they stand in its documents: they name Ubuntu, which nobody can bake from Debian's
// packages, and start unchanged with what stands in for it.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from './support/installation.ts';
import { smallRamMiB } from './support/small-machine.ts';

const samples = new URL('../../packages/contract/src/manifest/samples/', import.meta.url);
const sample = async (name: string) => await readFile(new URL(`${name}.yaml.txt`, samples), 'utf8');

const resources = new AsyncDisposableStack();
let installation: Installation;

beforeAll(async () => {
  installation = resources.use(await Installation.create());
  // They ask for 4 GiB each: the server gives less, as an operator with little memory has it do.
  await installation.startServer({ PLAYHOUSE_LIMITS_MACHINE_MEMORY_MIB: String(smallRamMiB) });
  await installation.startEngine();
});
afterAll(async () => await resources.disposeAsync());

type Accepted = Awaited<ReturnType<Installation['start']>>;

/** Waits for the start, and gives what the machine says it is. */
async function systemOf({ playground, operation }: Pick<Accepted, 'playground' | 'operation'>) {
  expect(await installation.ended(operation.id)).toMatchObject({ status: 'succeeded', error: null });
  const { machines } = await installation.playground(playground.id);
  // What it runs; its drive is still called what the manifest calls it.
  expect(machines).toMatchObject([
    { name: 'vm-1', source: 'debian-12', drives: [{ source: 'ubuntu-24-04' }] },
  ]);
  const { stdout } = await installation.ssh(machines[0]?.edgeAddress ?? '', 'root', 'cat /etc/os-release');
  return stdout;
}

const noted = expect.arrayContaining([
  expect.objectContaining({ code: 'manifest-stand-in', path: 'playground.machines[0].drives[0].source' }),
]) as unknown;

test('the sources that others stand in for are listed', async () => {
  const { stdout } = await installation.cli('source', 'list');
  expect(stdout).toMatch(/^ubuntu-24-04 .*Stand-in: debian-12 is used in its place$/m);
});

test('a described manifest starts unchanged, and the start says what it got', async () => {
  const accepted = await installation.start(await sample('one-machine'));
  expect(accepted.notes).toEqual(noted);
  expect(await systemOf(accepted)).toContain('VERSION_ID="12"');
  const logs = await installation.cli('logs', accepted.operation.id);
  expect(logs.stdout).toContain('vm-1: there is no ubuntu-24-04 here, debian-12 stands in for it');
  await installation.destroy(accepted.playground.id);
});

test('a described playspec is created and started unchanged', async () => {
  const client = await installation.client();
  const manifest = await sample('custom-playground');
  const created = await client('playspec.create', { body: { name: 'my-custom', base: 'flexbox', manifest } });
  expect(created.notes).toEqual(noted);
  const accepted = await installation.start(null, 'my-custom');
  expect(accepted.notes).toEqual(noted);
  expect(await systemOf(accepted)).toContain('VERSION_ID="12"');
});

test('an operator who takes the stand-ins away has such a start refused', async () => {
  await installation.engine?.kill();
  await installation.configure("sourceStandIns: ''");
  await installation.startEngine();
  const { stdout } = await installation.cli('source', 'list');
  expect(stdout).not.toContain('ubuntu');
  await expect(installation.start(await sample('one-machine'))).rejects.toMatchObject({
    code: 'source-unknown',
  });
});
