// Images from a real registry: how they are found, checked, shared and refused, and that they boot.
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foreignImage } from './support/foreign-image.ts';
import { Installation } from './support/installation.ts';
import { type Entry, Registry } from './support/registry.ts';
import { run, runOk } from './support/process.ts';
import { tinyImage } from './support/tiny-image.ts';

const account = { user: 'bob', password: 'a secret of the test' };
let installation: Installation;
let registry: Registry;
let guarded: Registry;
let tiny: readonly Entry[];

beforeAll(async () => {
  installation = await Installation.running();
  registry = await Registry.start(installation, 5000);
  guarded = await Registry.start(installation, 5001, account);
  tiny = await tinyImage();
});

afterAll(async () => {
  await guarded[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await installation[Symbol.asyncDispose]();
});

const oci = (name: string) => `oci://${registry.name}/${name}`;

async function pull(name: string) {
  const client = await installation.client();
  const { operation } = await client('source.pull', { parameters: { name } });
  return await installation.ended(operation.id);
}

async function sources() {
  const client = await installation.client();
  return (await client('source.list')).sources;
}

/** What lies in the store beside what is named: nothing, when no pull is under way. */
async function stagingFolders(): Promise<string[]> {
  const names = [
    ...(await readdir(`${installation.state}/sources`)),
    ...(await readdir(`${installation.state}/sources/blobs`)),
    ...(await readdir(`${installation.state}/run`)),
  ];
  return names.filter(
    (name) => name.startsWith('.') || name.startsWith('fetching-') || name.startsWith('auth-'),
  );
}

test('an image is pulled by tag and by digest, checked, described, and fetched once', async () => {
  const digest = await registry.push('tiny:1', [tiny]);
  registry.takeBlobRequests();
  expect(await pull(oci('tiny:1'))).toMatchObject({ status: 'succeeded', error: null });
  expect(registry.takeBlobRequests()).toBe(2);
  expect(await pull(`${oci('tiny:1')}@${digest}`)).toMatchObject({ status: 'succeeded' });
  expect(registry.takeBlobRequests()).toBe(0);
  const found = (await sources()).filter(({ kind }) => kind === 'image');
  expect(found.map(({ name }) => name)).toEqual([oci('tiny:1'), `${oci('tiny:1')}@${digest}`]);
  for (const source of found) {
    expect(source).toMatchObject({ imageDigest: digest, users: ['root', 'guest'], sshServer: null });
  }
  expect(found[0]?.digest).toBe(found[1]?.digest);
  const shown = await installation.cli('source', 'inspect', oci('tiny:1'));
  expect(shown.stdout).toContain(digest);
  await expect.poll(stagingFolders, { timeout: 60_000 }).toEqual([]);
});

test('of an image that shares layers only the new ones are fetched', async () => {
  await registry.push('tiny:2', [tiny, [{ name: 'etc/two', content: 'two' }]]);
  registry.takeBlobRequests();
  const ended = await pull(oci('tiny:2'));
  expect(ended.status).toBe('succeeded');
  // The new layer and the configuration.
  expect(registry.takeBlobRequests()).toBe(2);
  expect(ended.steps.find(({ label }) => label === 'Fetching layers')?.detail).toBe('2 of 3 blobs are new');
});

test('two who ask at the same time share one pull', async () => {
  await registry.push('shared:1', [[...tiny, { name: 'etc/shared', content: 'x' }]]);
  registry.takeBlobRequests();
  const both = await Promise.all([pull(oci('shared:1')), pull(oci('shared:1'))]);
  expect(both.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  expect(both[0].id).toBe(both[1].id);
  expect(registry.takeBlobRequests()).toBe(2);
});

test('what layers do to each other comes out as in a container', async () => {
  const capability = Buffer.from('0100000200040000000000000000000000000000', 'hex').toString('latin1');
  const first: Entry[] = [
    ...tiny,
    { name: 'opt', type: 'directory' },
    { name: 'opt/gone', content: 'x' },
    { name: 'opt/full', type: 'directory' },
    { name: 'opt/full/old', content: 'x' },
    { name: 'opt/owned', content: 'mine', uid: 1000, gid: 42, mode: 0o4750 },
    { name: 'opt/hard', type: 'link', linkname: 'opt/owned' },
    { name: 'opt/able', content: 'x', mode: 0o755, pax: { 'SCHILY.xattr.security.capability': capability } },
    { name: 'etc/absolute', type: 'symlink', linkname: '/proc/mounts' },
  ];
  const second: Entry[] = [
    { name: 'opt/.wh.gone', content: '' },
    { name: 'opt/full/.wh..wh..opq', content: '' },
    { name: 'opt/full/new', content: 'new' },
  ];
  await registry.push('layers:1', [first, second]);
  expect(await pull(oci('layers:1'))).toMatchObject({ status: 'succeeded' });
  const { digest } = (await sources()).find(({ name }) => name === oci('layers:1')) ?? {};
  const inspected = await installation.cli('source', 'inspect', oci('layers:1'), '-o', 'json');
  const { imageDigest } = JSON.parse(inspected.stdout) as { imageDigest: string };
  expect(digest).toMatch(/^sha256:/);
  const folder = `${installation.state}/sources/image@${imageDigest.replace('sha256:', '')}`;
  const raw = `${installation.state}/home/layers.raw`;
  await runOk(['qemu-img', 'convert', '-O', 'raw', `${folder}/layer.qcow2`, raw]);
  const debugfs = async (request: string) => await runOk(['debugfs', '-R', request, raw]);
  expect(await debugfs('ls -p /opt/full')).toMatch(/\/new\//);
  expect(await debugfs('ls -p /opt/full')).not.toMatch(/\/old\//);
  expect(await debugfs('ls -p /opt')).not.toMatch(/\/gone\//);
  const owned = await debugfs('stat /opt/owned');
  expect(owned).toMatch(/Mode:\s+04750/);
  expect(owned).toMatch(/User:\s+1000\s+Group:\s+42/);
  expect(owned).toMatch(/Links: 2/);
  const inode = (text: string) => /Inode: (\d+)/.exec(text)?.[1];
  expect(inode(await debugfs('stat /opt/hard'))).toBe(inode(owned));
  expect(await debugfs('ea_list /opt/able')).toContain('security.capability');
  expect(await debugfs('stat /etc/absolute')).toContain('/proc/mounts');
});

test.each<[string, readonly Entry[], string]>([
  ['dots', [{ name: '../../../../tmp/playhouse-escaped', content: 'x' }], 'leads out of the image'],
  [
    'through-link',
    [
      { name: 'way', type: 'symlink', linkname: '/tmp' },
      { name: 'way/playhouse-escaped', content: 'x' },
    ],
    'is written through the link way -> /tmp, which is absolute',
  ],
  ['device', [{ name: 'dev/sda', type: 'block-device', devmajor: 8, devminor: 0 }], 'is a device node'],
  [
    'hard-link',
    [{ name: 'passwd', type: 'link', linkname: '../../../../etc/shadow' }],
    'is a hard link out of the image',
  ],
])(
  'a hostile layer (%s) is refused by layer and entry, and leaves nothing behind',
  async (name, entries, reason) => {
    // What a pull that succeeded leaves goes in the background.
    await expect.poll(stagingFolders, { timeout: 60_000 }).toEqual([]);
    await registry.push(`hostile:${name}`, [tiny, entries]);
    const ended = await pull(oci(`hostile:${name}`));
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'image-layer-refused', step: 'Checking layers' },
    });
    expect(ended.error?.message).toContain('Layer 2 of the image');
    expect(ended.error?.message).toContain(reason);
    expect(await readdir('/tmp')).not.toContain('playhouse-escaped');
    expect(await stagingFolders()).toEqual([]);
  },
);

test('what the registry does not have, serves wrongly or to others only is told apart', async () => {
  const digest = await registry.push('wrong:1', [tiny]);
  const other = await registry.push('wrong:2', [[...tiny, { name: 'etc/other', content: 'x' }]]);
  const error = async (name: string) => (await pull(name)).error;
  expect(await error(oci('nothing:1'))).toMatchObject({ code: 'image-unknown', step: 'Resolving the image' });
  expect(await error(`${oci('wrong')}@sha256:${'0'.repeat(64)}`)).toMatchObject({
    code: 'image-digest-wrong',
  });
  await registry.corrupt(digest, other);
  const lied = await error(`${oci('wrong')}@${digest}`);
  expect(lied?.code).toMatch(/^image-digest-wrong$|^registry-failed$/);
  expect(await error('oci://127.0.0.1:5999/a:1')).toMatchObject({ code: 'registry-unreachable' });
  expect(await error('oci://nowhere.invalid/a:1')).toMatchObject({ code: 'registry-unreachable' });
  await registry.push('arm:1', [tiny], { architecture: 'arm64' });
  expect(await error(oci('arm:1'))).toMatchObject({ code: 'image-unfit' });
});

test('an image for some is pulled after a login; the password stays secret', async () => {
  const { user, password } = account;
  await guarded.push('private:1', [tiny], { account: `${user}:${password}` });
  const name = `oci://${guarded.name}/private:1`;
  expect((await pull(name)).error).toMatchObject({ code: 'registry-unauthorized' });
  const client = await installation.client();
  const login = async (wanted: string) =>
    await client('registry.login', { body: { registry: guarded.name, username: user, password: wanted } });
  await expect(login('wrong')).rejects.toMatchObject({ code: 'registry-unauthorized' });
  expect((await client('registry.list')).registries).toEqual([]);
  expect((await login(password)).registries).toMatchObject([{ registry: guarded.name, username: user }]);
  expect(await pull(name)).toMatchObject({ status: 'succeeded' });
  // Files that go while they are read are trouble to grep.
  await expect.poll(stagingFolders, { timeout: 60_000 }).toEqual([]);
  const places = ['engine', 'server', 'run', 'sources'].map((folder) => `${installation.state}/${folder}`);
  const encoded = Buffer.from(`${user}:${password}`).toString('base64');
  const leaks = await run(['grep', '-rlaF', '--exclude=*.qcow2', '-e', password, '-e', encoded, ...places]);
  expect(leaks).toMatchObject({ code: 1, stdout: '' });
  expect(`${installation.engine?.output}${installation.server?.output}`).not.toContain(password);
  await client('registry.logout', { parameters: { registry: guarded.name } });
  expect((await client('registry.list')).registries).toEqual([]);
});

const manifest = (source: string, user: string, more = '') => `
kind: playground
playground:
  machines:
    - name: vm
      users: [{ name: ${user} }]
      drives: [{ source: '${source}', mount: / }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 1, ramSize: 256MiB }
${more}`;

test('a user whom the image does not have is told with those it has', async () => {
  const { playground, operation } = await installation.start(manifest(oci('tiny:1'), 'laborant'));
  const { error } = await installation.ended(operation.id);
  expect(error).toMatchObject({ code: 'image-user-unknown', step: 'Pulling images' });
  expect(error?.hint).toContain('root, guest');
  await installation.destroy(playground.id);
});

test('an image with OpenRC and sysvinit is pulled by the start, boots, and is kept while it is used', async () => {
  await registry.push('openrc:1', [await foreignImage()]);
  const { playground, operation } = await installation.start(manifest(oci('openrc:1'), 'root'));
  const ended = await installation.ended(operation.id, 400_000);
  expect(ended).toMatchObject({ status: 'succeeded', error: null });
  const { machines } = await installation.playground(playground.id);
  const [machine] = machines;
  expect(machine?.source).toMatch(/^oci:\/\/127\.0\.0\.1:5000\/openrc:1@sha256:[0-9a-f]{64}$/);
  const seen = await installation.ssh(
    machine?.edgeAddress ?? '',
    'root',
    'cat /proc/1/comm; hostname; rc-status -r',
  );
  expect(seen.stdout).toMatch(/^init\nvm\n/);
  expect(seen.code).toBe(0);
  const client = await installation.client();
  const removal = client('source.remove', { parameters: { name: oci('openrc:1') } });
  await expect(removal).rejects.toMatchObject({ code: 'source-in-use' });
  await installation.destroy(playground.id);
  // The image is bootstrapped where nobody did before.
}, 900_000);

test('an image without sshd is named soon after its machine is up, with the end of its console', async () => {
  const { playground, operation } = await installation.start(manifest(oci('tiny:1'), 'guest'));
  const { error } = await installation.ended(operation.id, 300_000);
  expect(error?.code).toBe('machine-without-sshd');
  expect(error?.message).toContain(`Its image ${oci('tiny:1')} has none`);
  expect(error?.message).toMatch(/Its console ends with: .+/);
  // The boot time-out of an emulated machine is 300 s.
  expect(Number(/after (\d+) s/.exec(error?.message ?? '')?.[1])).toBeLessThan(60);
  await installation.destroy(playground.id);
});

test('sources that nobody uses are removed, with the layers that only they need', async () => {
  const client = await installation.client();
  for (const { name, kind } of await sources()) {
    if (kind !== 'image') continue;
    const { operation } = await client('source.remove', { parameters: { name } });
    expect(await installation.ended(operation.id)).toMatchObject({ status: 'succeeded' });
  }
  expect((await sources()).filter(({ kind }) => kind === 'image')).toEqual([]);
  const names = await readdir(`${installation.state}/sources`);
  expect(names.filter((name) => name.startsWith('image'))).toEqual([]);
  expect(await readdir(`${installation.state}/sources/blobs/sha256`)).toEqual([]);
  expect(await installation.leftovers()).toEqual([]);
});
