// What a registry says an image is made of: the parts of OCI’s and Docker’s manifests that it takes to pull one.
import { z } from 'zod';

export const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** More layers than any builder makes. */
const mostLayers = 512;

const descriptorSchema = z.object({
  mediaType: z.string().default(''),
  digest: digestSchema,
  size: z.int().min(0),
});

const imageSchema = z.object({
  schemaVersion: z.literal(2),
  config: descriptorSchema,
  layers: z.array(descriptorSchema).max(mostLayers),
});

const indexSchema = z.object({
  schemaVersion: z.literal(2),
  manifests: z.array(
    descriptorSchema.extend({
      platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
    }),
  ),
});

const configSchema = z.object({
  os: z.string().default('linux'),
  architecture: z.string().default('amd64'),
  rootfs: z.object({ diff_ids: z.array(digestSchema).max(mostLayers) }),
});

export type ImageManifest = z.infer<typeof imageSchema>;
export type ImageConfig = z.infer<typeof configSchema>;

/** A manifest as it was read: an image, a list of images for several platforms, or why it is neither. */
export type ReadManifest =
  | { readonly kind: 'image'; readonly image: ImageManifest }
  | { readonly kind: 'list'; readonly digest: string }
  | { readonly kind: 'unfit'; readonly reason: string };

/** Reads a manifest; of a list it gives the digest of the image for Linux on amd64. */
export function readManifest(text: string): ReadManifest {
  const value = parseJson(text);
  const image = imageSchema.safeParse(value);
  if (image.success) return { kind: 'image', image: image.data };
  const index = indexSchema.safeParse(value);
  if (!index.success) {
    const fields = image.error.issues.map(({ path }) => path.join('.') || 'all of it').join(', ');
    return { kind: 'unfit', reason: `its manifest is not understood (${fields})` };
  }
  const { manifests } = index.data;
  const fitting = manifests.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64',
  );
  if (fitting !== undefined) return { kind: 'list', digest: fitting.digest };
  const offered = manifests.map(({ platform }) => `${platform?.os ?? '?'}/${platform?.architecture ?? '?'}`);
  return { kind: 'unfit', reason: `it is for ${offered.join(', ') || 'no platform'}, not for linux/amd64` };
}

/** Reads an image’s configuration; a text says why it does not do. */
export function readConfig(text: string, layers: number): ImageConfig | string {
  const config = configSchema.safeParse(parseJson(text));
  if (!config.success) return 'its configuration is not understood';
  const { os, architecture, rootfs } = config.data;
  if (os !== 'linux' || architecture !== 'amd64')
    return `it is for ${os}/${architecture}, not for linux/amd64`;
  if (rootfs.diff_ids.length !== layers) {
    return `it has ${layers} layers, but its configuration speaks of ${rootfs.diff_ids.length}`;
  }
  return config.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
