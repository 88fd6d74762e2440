import type { ErrorCode } from '../errors/catalogue.ts';
import type { manifestErrors } from '../errors/manifest-errors.ts';
import type { ErrorParameters } from '../errors/playhouse-error.ts';

export type ManifestErrorCode = keyof typeof manifestErrors;

/** Where in the manifest: keys and list positions from the top. */
export type ManifestPath = readonly (string | number)[];

/** A fault of a manifest before it is known where in the text it stands; see locateIssue. */
export interface ManifestIssue {
  /** Mostly one of manifestErrors; faults found later bring others, as `source-unknown`. */
  readonly code: ErrorCode;
  readonly path: ManifestPath;
  readonly parameters: ErrorParameters;
}

/** `playground.machines[0].name` */
export function formatPath(path: ManifestPath): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}
