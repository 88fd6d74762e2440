import type { DockerApi } from '../docker/docker-api.ts';
import type { ServicesTools } from '../services-context.ts';
import { KeptVolumes, type KeptVolumesOptions } from './kept-volumes.ts';
import { removeOrphans } from './orphans.ts';
import { removeUnusedImages } from './unused-images.ts';

/** Sees to it, time after time, that nothing is in Docker that no playground has. */
export class Sweeper {
  readonly #tools: ServicesTools;
  readonly #log: (line: string) => void;
  /** What could not be removed is said once. */
  #said: ReadonlySet<string> = new Set();

  readonly #volumes: KeptVolumes;

  constructor(
    tools: ServicesTools,
    volumes: Pick<KeptVolumesOptions, 'file' | 'keepMs'>,
    log: (line: string) => void,
  ) {
    this.#tools = tools;
    this.#log = log;
    this.#volumes = new KeptVolumes({ ...volumes, now: () => performance.now(), log });
  }

  async sweep(api: DockerApi): Promise<void> {
    const swept = [
      await removeOrphans(this.#tools, api, this.#volumes),
      await removeUnusedImages(this.#tools, api),
    ];
    for (const line of swept.flatMap(({ removed }) => removed))
      this.#log(`removed what belonged to no playground: ${line}`);
    // An image that a container of somebody else has may stay there for good.
    const left = swept.flatMap((each) => each.left);
    for (const line of left) if (!this.#said.has(line)) this.#log(`not removed: ${line}`);
    this.#said = new Set(left);
  }
}
