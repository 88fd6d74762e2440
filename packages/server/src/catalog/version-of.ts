import { type AccessControl, ownersOnly } from '@playhouse/contract/manifest/access-control';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import type { NewVersion } from '../store/playspecs.ts';

/** What the catalog shows of a manifest, and who may use it; `text` is what is stored of it. */
export function versionOf(
  name: string,
  manifest: Manifest,
  text: string,
  accessControl: AccessControl = manifest.playground.accessControl ?? ownersOnly,
): NewVersion {
  const {
    title = name,
    description = '',
    categories = [],
    cover = null,
    markdown = '',
    base = null,
  } = manifest;
  const { canList, canRead, canStart } = accessControl;
  return {
    kind: 'machines',
    ...{ name, title, description, cover, markdown, base, origin: null },
    categories: [...categories],
    flexible: (manifest.playground.machines ?? []).length === 0,
    accessControl: { canList: [...canList], canRead: [...canRead], canStart: [...canStart] },
    manifest: text,
  };
}
