import type { ComposeOrigin } from '@playhouse/contract/compose/compose-origin';
import { type ParsedCompose, parseCompose } from '@playhouse/contract/compose/parse-compose';
import { findVolumeChanges } from '@playhouse/contract/compose/plan/volume-changes';
import { readCompose } from '@playhouse/contract/compose/read-compose';
import type { ManifestIssue } from '@playhouse/contract/manifest/manifest-issue';
import type { HostPolicy } from '@playhouse/contract/compose/policy/host-policy';
import type { AccessControl } from '@playhouse/contract/manifest/access-control';
import type { Problem } from '@playhouse/contract/errors/problem';
import type { NewVersion } from '../store/playspecs.ts';
import { invalid } from './compose-manifest.ts';

export interface ComposeDraft {
  readonly name: string;
  /** The text of the Compose file. */
  readonly text: string;
  /** Its name in located errors. */
  readonly file: string;
  /** The repository that it was taken from; null for a text. */
  readonly origin: ComposeOrigin | null;
  /** The playspec that it was copied from. */
  readonly base: string | null;
  readonly policy: HostPolicy;
  /** The text of the version before it; null of a first one. */
  readonly before: string | null;
  /** Who may use it, from what the file says. */
  readonly access: (written: AccessControl | undefined) => AccessControl;
}

/**
 * A checked Compose file as a version of a playspec. It is stored word for word: its comments, anchors and templates are worth
 * as much as what they stand for.
 * @throws PlayhouseError manifest-invalid, with every fault at its place
 */
export function draftComposeVersion(draft: ComposeDraft): {
  readonly version: NewVersion;
  readonly notes: readonly Problem[];
} {
  const { text, file, policy, origin } = draft;
  const parsed = parseCompose(text, { file, policy, origin: origin ?? undefined });
  if (parsed.problems !== undefined) throw invalid(file, parsed.problems);
  const notes = [...parsed.notes, ...parsed.locate(volumeChanges(draft))];
  return { version: versionOfCompose(draft, parsed), notes };
}

/** What becomes of the data of playgrounds that are there. */
function volumeChanges({ name, text, file, before }: ComposeDraft): readonly ManifestIssue[] {
  if (before === null) return [];
  const [former, now] = [readCompose(before, file), readCompose(text, file)];
  if (former.problems !== undefined || now.problems !== undefined) return [];
  return findVolumeChanges(former.value, now.value, name);
}

function versionOfCompose(draft: ComposeDraft, { metadata }: ParsedCompose): NewVersion {
  const { name, text, base, origin } = draft;
  const { title = name, description = '', category, categories = [], cover = null, markdown = '' } = metadata;
  const named = category === undefined ? categories : [category, ...categories];
  const { canList, canRead, canStart } = draft.access(metadata.accessControl);
  return {
    kind: 'compose',
    ...{ name, title, description, cover, markdown, base, origin },
    categories: [...new Set(named.map((word) => word.toLowerCase()))],
    flexible: false,
    accessControl: { canList: [...canList], canRead: [...canRead], canStart: [...canStart] },
    manifest: text,
  };
}
