import type { Configuration } from '@playhouse/contract/configuration';
import type { BakedForTests } from './copy-images.ts';

/** How an installation of a test differs from the usual one. */
export interface InstallationOptions {
  readonly memoryBudgetMiB?: number;
  readonly bootTimeoutSeconds?: number;
  /** A folder of the state directory that gets a file system of its own, of this many KiB, to fill it up. */
  readonly smallDisk?: { readonly folder: 'sources' | 'playgrounds'; readonly sizeKiB: number };
  /** MiB of a disk of its own for the whole state directory, to fill it up. */
  readonly ownDiskMiB?: number;
  /** Where snapshots are kept: lines of the section `vault`. Default: below the state directory. */
  readonly vault?: readonly string[];
  /** Lines of the section `engine`. */
  readonly engine?: readonly string[];
  /** What Compose files may ask of the host: rules with their levels. */
  readonly hostPolicy?: string;
  /** Which proxy serves addresses; its program is brought where the user that it runs as can read it. */
  readonly proxy?: Configuration['ingress']['proxy'];
  /** Of the services’ addresses. Default: `localhost`. */
  readonly domain?: string;
  /** The image that Traefik is to be taken out of; then no program of it is brought. */
  readonly traefikImage?: string;
  /** False leaves the playroom without kernel and source. */
  readonly images?: boolean;
  /** The baked sources it has; `debian-12` alone unless it says otherwise, for copies of large ones take their time. */
  readonly sources?: readonly BakedForTests[];
  /** True runs in the host’s own namespace, on a port of its own: baking needs the host’s mirrors. */
  readonly hostNetwork?: boolean;
}
