import type { HostPolicy } from './host-policy.ts';
import type { PathContext } from './paths.ts';

export interface LintContext extends PathContext {
  readonly policy: HostPolicy;
  /** Project name, from which Compose makes the names of networks and volumes; null while there is none. */
  readonly project: string | null;
}

/** The context of a file that is on no playroom yet: every absolute path is outside. */
export function contextOfText(policy: HostPolicy): LintContext {
  return { policy, project: null, folder: null, roots: [], rendered: false };
}
