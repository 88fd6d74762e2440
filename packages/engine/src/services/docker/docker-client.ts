// The Docker client with Compose and Buildx, fetched from Debian 13: older Debians have no Compose v2, and the programs need nothing
// but a C library. What the host itself has is left alone.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { fetchPackage } from '../../kernels/fetch-package.ts';
import type { StepVoice } from '../../operations/step.ts';
import { removeTree } from '../../system/durable-file.ts';
import { runOrFail } from '../../system/run.ts';

const suite = 'trixie';
const plugins = 'usr/libexec/docker/cli-plugins';

/** Package and the program in it. */
const parts = [
  { package: 'docker-cli', program: 'usr/bin/docker', as: 'docker' },
  { package: 'docker-compose', program: `${plugins}/docker-compose`, as: 'cli-plugins/docker-compose' },
  { package: 'docker-buildx', program: `${plugins}/docker-buildx`, as: 'cli-plugins/docker-buildx' },
] as const;

/** Where things are below the client’s folder. */
export function clientPaths(folder: string) {
  return { program: `${folder}/docker`, configuration: folder } as const;
}

/**
 * Fetches what is missing of the client. Repeatable.
 * @throws PlayhouseError docker-unavailable, cancelled
 */
export async function ensureDockerClient(folder: string, voice: StepVoice): Promise<void> {
  const missing = parts.filter(({ as }) => !existsSync(`${folder}/${as}`));
  if (missing.length === 0) return;
  await mkdir(`${folder}/cli-plugins`, { recursive: true, mode: 0o755 });
  const work = `${folder}/.fetch`;
  try {
    for (const part of missing) {
      voice.detail(`fetching ${part.package}`);
      await removeTree(work);
      await mkdir(work, { recursive: true, mode: 0o700 });
      const deb = await fetchPackage({ package: part.package, suite }, work, voice);
      await runOrFail(['dpkg-deb', '--extract', deb, `${work}/root`]);
      await copyFile(`${work}/root/${part.program}`, `${work}/program`);
      await rename(`${work}/program`, `${folder}/${part.as}`);
    }
  } catch (error) {
    voice.signal.throwIfAborted();
    const detail = error instanceof Error ? error.message : String(error);
    throw new PlayhouseError('docker-unavailable', { detail }, { cause: error });
  } finally {
    await removeTree(work);
  }
}
