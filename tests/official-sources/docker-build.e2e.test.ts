// The Dockerfiles of the official sources are built on bases that come from no registry, pushed to one on loopback, pulled from
// there like any other image, and booted.
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Installation } from '../end-to-end/support/installation.ts';
import { repository } from '../end-to-end/support/locations.ts';
import { run } from '../end-to-end/support/process.ts';
import { Registry } from '../end-to-end/support/registry.ts';
import { bareInstallation, bootOne } from './support/bare-installation.ts';
import { DockerEngine } from './support/docker-engine.ts';

const resources = new AsyncDisposableStack();
let installation: Installation;
let registry: Registry;
let engine: DockerEngine;

beforeAll(async () => {
  installation = resources.use(await bareInstallation());
  registry = resources.use(await Registry.start(installation, randomInt(30_000, 32_000)));
  engine = resources.use(await DockerEngine.start());
});
afterAll(async () => await resources.disposeAsync());

const oci = (name: string) => `oci://${registry.name}/${name}:latest`;

async function buildAndPull(name: string): Promise<void> {
  const build = [`${repository}/images/build`, '--push', registry.name, name];
  const { code, stdout, stderr } = await run(build, { env: engine.env, timeoutMs: 1_500_000 });
  expect(code, `${stdout}${stderr}`.slice(-2000)).toBe(0);
  const client = await installation.client();
  const { operation } = await client('source.pull', { parameters: { name: oci(name) } });
  expect(await installation.ended(operation.id, 600_000)).toMatchObject({ status: 'succeeded', error: null });
}

test('debian-12 is built, pushed, pulled and boots to SSH', async () => {
  await buildAndPull('debian-12');
  const machine = await bootOne(installation, oci('debian-12'), '256MiB');
  expect(await machine.on('cat /etc/debian_version')).toMatch(/^12/);
  expect(await machine.on('sudo systemctl is-system-running --wait; systemctl --failed --no-legend')).toBe(
    'running',
  );
  expect(await machine.on('ls -A /playhouse 2>/dev/null; ls /.dockerenv 2>/dev/null; true')).toBe('');
  await machine.destroy();
});

test('docker is built on debian-13, pushed, pulled, boots, and its engine runs a container', async () => {
  await buildAndPull('docker');
  const machine = await bootOne(installation, oci('docker'), '1GiB');
  expect(await machine.on('cat /etc/debian_version')).toMatch(/^13/);
  await machine.on(
    'tar -cC / usr/bin/cat lib64 $(ldd /usr/bin/cat | grep -o "/lib/[^ ]*") -h | docker import - box',
  );
  expect(await machine.on('echo inside | docker run --rm -i --network none box /usr/bin/cat')).toBe('inside');
  await machine.destroy();
  expect(await installation.leftovers()).toEqual([]);
});
