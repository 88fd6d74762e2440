import { type ComposeOrigin, folderOf } from '../compose-origin.ts';
import type { HostPolicy } from './host-policy.ts';
import type { PathContext } from './paths.ts';

export interface LintContext extends PathContext {
  readonly policy: HostPolicy;
  /** Project name, from which Compose makes the names of networks and volumes; null while there is none. */
  readonly project: string | null;
}

/** No path that somebody writes. */
const repositoryRoot = '/\u0000repository';

/**
 * The context of a file that is on no playroom yet: every absolute path is outside. Of one that was taken from a repository relative
 * paths may lead as far as that does; no absolute path is below the folder that stands for it.
 */
export function contextOfText(policy: HostPolicy, origin?: ComposeOrigin): LintContext {
  const common = { policy, project: null, rendered: false };
  if (origin === undefined) return { ...common, folder: null, roots: [] };
  return { ...common, folder: `${repositoryRoot}/${folderOf(origin)}`, roots: [repositoryRoot] };
}
