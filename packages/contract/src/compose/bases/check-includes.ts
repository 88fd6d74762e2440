import type { ManifestIssue } from '../../manifest/manifest-issue.ts';
import { isRecord } from '../../manifest/noun.ts';

/** Services that come by `include` have no addresses, logs or states here: all of that is told by the file itself. */
export function checkIncludes(file: unknown): readonly ManifestIssue[] {
  const include: unknown = isRecord(file) ? file['include'] : undefined;
  if (include === undefined || include === null) return [];
  return [{ code: 'compose-include', path: ['include'], parameters: {} }];
}
