import type { ComposeOrigin, ComposePlace } from '@playhouse/contract/compose/compose-origin';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ControlPlane } from '../control-plane.ts';
import { requireEngine } from '../operations/accepted.ts';
import type { StoredPlayspec } from '../store/playspecs.ts';
import { playspecPlace } from './playspec-place.ts';
import { kindOf } from './require-kind.ts';

/** A Compose file with where it is from. */
export interface ComposeSource {
  readonly text: string;
  /** Its name in located errors. */
  readonly file: string;
  readonly origin: ComposeOrigin | null;
}

/**
 * Reads a Compose file of a repository. The engine does, for it has the credentials; `owner` is the id of the user whose are used.
 * @throws PlayhouseError engine-down, compose-file-absent, and what the repository says
 */
export async function takeFromRepository(
  plane: ControlPlane,
  place: ComposePlace,
  owner: string,
): Promise<ComposeSource> {
  requireEngine(plane);
  const { text, origin } = await plane.engine.ask({ kind: 'compose.read', owner, place });
  if (kindOf(text) !== 'compose') {
    const detail = `\`${origin.path}\` has no \`services\``;
    throw new PlayhouseError('compose-file-absent', { repository: place.repository, detail });
  }
  return { text, file: origin.path, origin };
}

/** Where that was, to look there again. @throws PlayhouseError playspec-no-origin */
export function placeOf({ name, origin }: StoredPlayspec): ComposePlace {
  if (origin === null) throw new PlayhouseError('playspec-no-origin', { name });
  const { repository, branch, path } = origin;
  return { repository, path, ...(branch === null ? {} : { branch }) };
}

/** The Compose file of a playspec, as its playgrounds are made from it. */
export function composeOf({ name, manifest: text, origin }: StoredPlayspec) {
  // A file of a repository is called there as it is here.
  const file = origin?.path ?? playspecPlace(name);
  return { text, file, ...(origin === null ? {} : { origin }) };
}
