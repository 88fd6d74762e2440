import { z } from 'zod';

/** An image in an OCI registry. With a digest, the tag is only a word for people. */
export interface ImageReference {
  /** Host, with a port if there is one. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | null;
  /** `sha256:…` of the manifest. */
  readonly digest: string | null;
}

const host = String.raw`[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?`;
const name = String.raw`[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*`;
const tag = String.raw`\w[\w.-]{0,127}`;
const digest = 'sha256:[0-9a-f]{64}';
/** `oci://REGISTRY/NAME[:TAG][@DIGEST]` as a regular expression without anchors. */
export const imageReferenceExpression = `oci://(?<registry>${host})/(?<repository>${name}(?:/${name})*)(?::(?<tag>${tag}))?(?:@(?<digest>${digest}))?`;
const referencePattern = new RegExp(`^${imageReferenceExpression}$`);
/** Characters of a whole reference at most. */
export const longestImageReference = 300;

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const domain = String.raw`(?:${label}(?:\.${label})*|\[[0-9A-Fa-f:]+\])(?::\d+)?`;
const anyDigest = String.raw`[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}`;
const dockerImagePattern = new RegExp(
  `^(?<named>(?:${domain}/)?${name}(?:/${name})*)(?::${tag})?(?:@${anyDigest})?$`,
);

/** True for `[REGISTRY/]NAME[:TAG][@DIGEST]` as Docker reads it, which adds the registry where none is named; so for ids of images. */
export function isDockerImage(text: string): boolean {
  const named = text.length > 600 ? undefined : dockerImagePattern.exec(text)?.groups?.['named'];
  return named !== undefined && named.length <= 255;
}

/** A registry as users name it: host, with a port if there is one. */
export const registrySchema = z
  .string()
  .max(260)
  .regex(new RegExp(`^${host}$`), 'expected a registry as in `registry.example:5000`');

/** True for sources that come from a registry, well written or not. */
export function isImageSource(source: string): boolean {
  return source.startsWith('oci://');
}

/** Reads `oci://REGISTRY/NAME[:TAG][@DIGEST]` as the OCI distribution specification spells its parts; null when it is none. */
export function parseImageReference(text: string): ImageReference | null {
  const parts = text.length > longestImageReference ? undefined : referencePattern.exec(text)?.groups;
  if (parts === undefined) return null;
  const { registry = '', repository = '' } = parts;
  return { registry, repository, tag: parts['tag'] ?? null, digest: parts['digest'] ?? null };
}

export function formatImageReference(reference: ImageReference): string {
  const { registry, repository } = reference;
  const version = `${reference.tag === null ? '' : `:${reference.tag}`}${reference.digest === null ? '' : `@${reference.digest}`}`;
  return `oci://${registry}/${repository}${version}`;
}

/** One spelling per image: a reference without tag and digest means `latest`. Named sources are returned as they are. */
export function canonicalSource(source: string): string {
  const reference = parseImageReference(source);
  if (reference === null || reference.tag !== null || reference.digest !== null) return source;
  return formatImageReference({ ...reference, tag: 'latest' });
}
