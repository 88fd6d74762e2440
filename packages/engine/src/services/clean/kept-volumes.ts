// Volumes whose playground nobody knows hold what somebody wrote. It may only be the record that is lost, or older than they are.
// How long each has been kept is in a file, so that an engine that begins anew goes on with it. What counts is the time that engines
// saw them: neither a clock that is set nor a file that comes from a backup makes it shorter.
import { z } from 'zod';
import { readJson, writeDurably } from '../../system/durable-file.ts';

const hourMs = 3_600_000;

const keptSchema = z.record(
  z.string(),
  z.object({
    playground: z.string(),
    keptMs: z.number().min(0),
    /** Nothing but this file says whose an anonymous volume is. */
    anonymous: z.boolean(),
  }),
);
type Kept = z.infer<typeof keptSchema>;

export interface KeptVolumesOptions {
  readonly file: string;
  /** Milliseconds for which they are kept. */
  readonly keepMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** A volume that is in Docker. */
export interface FoundVolume {
  readonly name: string;
  /** Id of the playground that it is, or was, of. */
  readonly playground: string;
  readonly anonymous: boolean;
  /** Whether the playground is known: of an anonymous one it may be, again. */
  readonly known: boolean;
  /** Folder of the host with what is in it; null when that is somewhere else. */
  readonly folder: string | null;
}

export class KeptVolumes {
  readonly #options: KeptVolumesOptions;
  #kept: Kept | null = null;
  #reviewedAt: number | null = null;
  /** What this engine has told of. */
  #told: ReadonlySet<string> = new Set();

  constructor(options: KeptVolumesOptions) {
    this.#options = options;
  }

  /** The anonymous ones, with their playgrounds: they cannot be found again by a label. */
  async anonymous(): Promise<readonly { readonly name: string; readonly playground: string }[]> {
    return Object.entries(await this.#load()).flatMap(([name, { anonymous, playground }]) =>
      anonymous ? { name, playground } : [],
    );
  }

  /**
   * Takes up all that are there now, forgets the others, and gives the names of those that have been kept for long enough. One is
   * told of when it is found, and again by each engine. When this comes back it is on disk.
   */
  async review(found: readonly FoundVolume[]): Promise<ReadonlySet<string>> {
    const before = await this.#load();
    const { file, keepMs, now } = this.#options;
    const at = now();
    const passed = this.#reviewedAt === null ? 0 : at - this.#reviewedAt;
    const kept: Kept = {};
    for (const { name, playground, anonymous, known } of found) {
      const former = before[name];
      // A playground that is known again has its volumes for as long as it likes.
      const goesOn = former?.playground === playground && !known;
      kept[name] = { playground, anonymous, keptMs: goesOn ? former.keptMs + passed : 0 };
    }
    if (JSON.stringify(kept) !== JSON.stringify(before)) await writeDurably(file, JSON.stringify(kept));
    this.#kept = kept;
    this.#reviewedAt = at;
    const orphans = found.filter(({ known }) => !known);
    const isDue = ({ name }: FoundVolume) => (kept[name]?.keptMs ?? 0) >= keepMs;
    for (const each of orphans)
      if (!isDue(each) && !this.#told.has(each.name)) this.#tell(each, kept[each.name]?.keptMs ?? 0);
    this.#told = new Set(orphans.map(({ name }) => name));
    return new Set(orphans.filter(isDue).map(({ name }) => name));
  }

  #tell({ name, playground, anonymous, folder }: FoundVolume, keptMs: number): void {
    const { keepMs, log } = this.#options;
    const hours = Math.ceil(((keepMs - keptMs) / hourMs) * 100) / 100;
    const which = anonymous ? `anonymous volume ${name}` : `volume ${name}`;
    const copy = folder === null ? '' : `copy what you want of it out of ${folder}; `;
    log(
      `${which} is of playground ${playground}, which is not known here; it is removed in ${hours} h. To keep it: ${copy}put back services/${playground}, or set engine.orphanedVolumesHours to more than ${keepMs / hourMs}, and restart the engine`,
    );
  }

  async #load(): Promise<Kept> {
    this.#kept ??= await this.#read();
    return this.#kept;
  }

  async #read(): Promise<Kept> {
    const { file, log } = this.#options;
    try {
      return keptSchema.parse((await readJson(file)) ?? {});
    } catch (error) {
      if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
      log(
        `${file} cannot be read, so volumes of playgrounds that are not known are kept from now on: ${error.message}`,
      );
      return {};
    }
  }
}
