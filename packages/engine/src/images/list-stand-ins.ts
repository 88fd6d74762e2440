import { canonicalSource, isImageSource } from '@playhouse/contract/image-reference';
import type { Source } from '@playhouse/contract/source';
import type { SourceStandIns } from '@playhouse/contract/source-stand-ins';

/** Of what is not here yet. */
const nothing = {
  baked: false,
  digest: null,
  imageDigest: null,
  sizeBytes: null,
  users: [],
  sshServer: null,
  bakedAt: null,
};

/**
 * The stand-ins as sources that manifests may name, each with the facts of what is used in its place. Those whose name is
 * that of a real source are not used and left out, and so are those for which another source would be used that there is not.
 */
export function listStandIns(standIns: SourceStandIns, sources: readonly Source[]): readonly Source[] {
  return Object.entries(standIns).flatMap(([name, instead]): Source[] => {
    if (sources.some((source) => source.name === name)) return [];
    const real = sources.find((source) => source.name === canonicalSource(instead));
    if (real === undefined && !isImageSource(instead)) return [];
    const description = `Stand-in: ${instead} is used in its place`;
    return [{ ...(real ?? nothing), name, kind: 'stand-in', description, instead }];
  });
}
