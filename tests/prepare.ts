// Sets up what the end-to-end tests need on this machine. It may be run again at any time: what is there is left alone.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { prepareDockerClient } from './end-to-end/support/docker-client.ts';
import { prepareImages } from './end-to-end/support/image-cache.ts';
import { prepareNewerCaddy } from './end-to-end/support/newer-caddy.ts';
import { prepareS3Server } from './end-to-end/support/s3-server.ts';
import { prepareStandIns } from './end-to-end/support/stand-in-images.ts';
import { prepareTraefik } from './end-to-end/support/traefik.ts';
import { parseSystemPackages } from '../packages/cli/src/toolchain/system-packages.ts';

/**
 * Installs missing Debian packages, a Docker client, an S3 server, Traefik and a newer Caddy, and makes the images that machines and services of the
 * tests start from.
 * Needs root.
 */
export async function prepare(): Promise<void> {
  await installSystemPackages(['run', 'test']);
  await Promise.all([
    ...[prepareImages(), prepareS3Server(), prepareDockerClient(), prepareTraefik()],
    ...[prepareNewerCaddy(), prepareStandIns()],
  ]);
}

async function installSystemPackages(names: readonly string[]): Promise<void> {
  const list = await readFile(new URL('../system-packages.txt', import.meta.url), 'utf8');
  const { sections } = parseSystemPackages(list);
  const wanted = names.flatMap((section) => sections[section] ?? []).map((entry) => entry.name);
  const { output } = await run(['dpkg-query', '-W', '-f', '${Package} ${db:Status-Status}\n', ...wanted]);
  const installed = new Set(
    output.split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ')[0] ?? ''] : [])),
  );
  const missing = wanted.filter((name) => !installed.has(name));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new Error(
      `The end-to-end tests need packages that are not installed: ${missing.join(' ')}. Run: sudo ./playhouse test`,
    );
  }
  console.log(`Installing what the tests need: ${missing.join(' ')}`);
  const install = [
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=300',
    'install',
    '-y',
    '--no-install-recommends',
    ...missing,
  ];
  if ((await run(install)).code === 0) return;
  await run(['apt-get', 'update']); // the lists were empty or too old
  const { code, output: log } = await run(install);
  if (code !== 0) throw new Error(`apt-get could not install what the tests need:\n${log.slice(-2000)}`);
}

async function run([file = '', ...args]: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) =>
      resolve({ code: code ?? 128, output: Buffer.concat(chunks).toString('utf8') }),
    );
  });
}
