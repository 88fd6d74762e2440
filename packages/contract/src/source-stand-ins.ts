import { isImageSource, parseImageReference } from './image-reference.ts';

/** What is used in the place of a source that a playroom does not have, by the name that manifests use. */
export type SourceStandIns = Readonly<Record<string, string>>;

const sourceName = /^[a-z0-9][a-z0-9._-]{0,127}$/;

/**
 * Reads `ubuntu-24-04=debian-12 fedora=oci://registry.example/fedora:42`, words separated by white space; undefined when one
 * is no such pair or a name comes twice. Only a name can be stood in for: an `oci://` reference says itself what it is.
 */
export function parseStandIns(text: string): SourceStandIns | undefined {
  const pairs = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const equals = word.indexOf('=');
      return [word.slice(0, Math.max(equals, 0)), word.slice(equals + 1)] as const;
    });
  const standIns = Object.fromEntries(pairs);
  if (Object.keys(standIns).length < pairs.length) return undefined;
  return pairs.every(([name, instead]) => sourceName.test(name) && isSource(instead)) ? standIns : undefined;
}

/** What stands in for a source, or null. */
export function standInFor(standIns: SourceStandIns, source: string): string | null {
  return Object.hasOwn(standIns, source) ? (standIns[source] ?? null) : null;
}

function isSource(text: string): boolean {
  return isImageSource(text) ? parseImageReference(text) !== null : sourceName.test(text);
}
