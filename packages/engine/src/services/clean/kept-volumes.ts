// Volumes whose playground nobody knows hold what somebody wrote. It may only be the record that is lost, or older than they are.

export interface KeptVolumesOptions {
  /** Milliseconds for which they are kept. */
  readonly keptMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

export class KeptVolumes {
  readonly #options: KeptVolumesOptions;
  /** When each was found. An engine that begins anew finds them anew: it rather keeps one for too long. */
  readonly #found = new Map<string, number>();

  constructor(options: KeptVolumesOptions) {
    this.#options = options;
  }

  /** Whether it has been kept for long enough; one that is found is told of. */
  readonly isDue = (volume: string, playground: string): boolean => {
    const { keptMs, now, log } = this.#options;
    const found = this.#found.get(volume);
    if (found !== undefined) return now() - found >= keptMs;
    this.#found.set(volume, now());
    if (keptMs === 0) return true;
    const hours = keptMs / 3_600_000;
    log(
      `volume ${volume} is of playground ${playground}, which is not known here; it is removed in ${hours} h (engine.orphanedVolumesHours)`,
    );
    return false;
  };
}
