// Where Traefik comes from: whoever runs the host has installed it, or it is taken out of its image, and then runs as any other program.
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, rename } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { removeTree, syncDirectory } from '../system/durable-file.ts';
import { findProgram } from '../system/find-program.ts';
import type { Docker } from './docker/docker.ts';
import { endOf } from './start/rendered.ts';

/** Where it lies in the images that its makers publish. */
const inImage = '/usr/local/bin/traefik';
const pullTimeoutMs = 600_000;

export interface TraefikSource {
  /** The image that has it. */
  readonly image: string;
  /** Where what was taken out is kept; whoever it runs as has to get there. */
  readonly folder: string;
  /** The installation’s id. */
  readonly installation: string;
  /** A client that the playroom’s logins let in to registries. */
  readonly withDocker: <Result>(work: (docker: Docker) => Promise<Result>) => Promise<Result>;
}

/** The program of Traefik. Repeatable. @throws PlayhouseError ingress-failed */
export async function traefikProgram({
  image,
  folder,
  installation,
  withDocker,
}: TraefikSource): Promise<string> {
  const installed = await findProgram('traefik');
  if (installed !== null) return installed;
  const place = `${folder}/${createHash('sha256').update(image).digest('hex').slice(0, 16)}`;
  const kept = await findProgram('traefik', place);
  if (kept !== null) return kept;
  await mkdir(place, { recursive: true, mode: 0o755 });
  await withDocker(async (docker) => await takeOut(docker, image, `${place}/taken`, installation)).catch(
    (error: unknown) => {
      const said = error instanceof Error ? error.message : String(error);
      const detail = `there is no program traefik, and none could be had of the image ${image}: ${said}`;
      throw new PlayhouseError('ingress-failed', { proxy: 'Traefik', detail }, { cause: error });
    },
  );
  await chmod(`${place}/taken`, 0o755);
  await rename(`${place}/taken`, `${place}/traefik`);
  await syncDirectory(place);
  return `${place}/traefik`;
}

async function takeOut(docker: Docker, image: string, file: string, installation: string): Promise<void> {
  const container = `playhouse-traefik-${installation}`;
  const run = async (words: readonly string[], timeoutMs?: number) => {
    const { exitCode, stderr } = await docker.try(words, timeoutMs === undefined ? {} : { timeoutMs });
    if (exitCode !== 0) throw new Error(endOf(stderr));
  };
  const removeContainer = async () => await docker.try(['rm', '--force', '--', container]);
  const wasHere = (await docker.try(['image', 'inspect', '--', image])).exitCode === 0;
  if (!wasHere) await run(['pull', '--quiet', '--', image], pullTimeoutMs);
  // What an engine left that died meanwhile.
  await removeContainer();
  await removeTree(file);
  try {
    // It is never started; an image that has no command of its own asks for one all the same.
    await run(['create', '--pull', 'never', '--network', 'none', '--name', container, '--', image, inImage]);
    await run(['cp', '--', `${container}:${inImage}`, file]);
    if (!(await lstat(file)).isFile()) throw new Error(`its ${inImage} is no file`);
  } finally {
    await removeContainer();
    if (!wasHere) await docker.try(['image', 'rm', '--', image]);
  }
}
