import type { ComposePlace } from '@playhouse/contract/compose/compose-origin';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/** What the command line says of a Compose file in a repository. */
export interface RepositoryInput {
  readonly repository: string | undefined;
  readonly branch: string | undefined;
  readonly path: string | undefined;
}

/**
 * The place that is meant; null when no repository is named.
 * @throws PlayhouseError usage, for a branch or path of nothing
 */
export function repositoryPlace(
  { repository, branch, path }: RepositoryInput,
  command: string,
): ComposePlace | null {
  if (repository === undefined) {
    if (branch === undefined && path === undefined) return null;
    const detail = 'Say of which repository: --repository URL.';
    throw new PlayhouseError('usage', { detail, command });
  }
  return { repository, ...(branch === undefined ? {} : { branch }), ...(path === undefined ? {} : { path }) };
}
