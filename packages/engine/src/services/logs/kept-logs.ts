// The last part of what containers said, on disk, for when they or their Docker are gone: one file per service, secrets taken out.
// A file is always whole: it is written anew and put into its place.
import { mkdir, readdir } from 'node:fs/promises';
import { z } from 'zod';
import { isMissing, readTextIfPresent, writeDurably } from '../../system/durable-file.ts';
import { Turns } from '../../system/turns.ts';
import { LatestLines } from './latest-lines.ts';
import type { SaidLine } from './said-line.ts';

const keptSchema = z.object({
  id: z.string(),
  container: z.string(),
  at: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  text: z.string(),
  cut: z.int(),
});

/** Names of services become names of files: what Compose takes for one has no slash. */
const nameable = /^[\w.-]{1,200}$/;
const ending = '.jsonl';

export class KeptLogs {
  readonly #folderOf: (playground: string) => string;
  readonly #turns = new Turns();
  readonly #ended = new Set<string>();

  constructor(folderOf: (playground: string) => string) {
    this.#folderOf = folderOf;
  }

  /** What is kept, by service; the lines of each container in their order. */
  async read(playground: string): Promise<ReadonlyMap<string, readonly SaidLine[]>> {
    const folder = this.#folderOf(playground);
    const names = await readdir(folder).catch(() => []);
    const services = names.flatMap((name) => (name.endsWith(ending) ? [name.slice(0, -ending.length)] : []));
    const read = await Promise.all(
      services.map(async (name) => [name, await this.#read(folder, name)] as const),
    );
    return new Map(read);
  }

  /**
   * Keeps lines of containers, in the order of each. Of a container that was kept before, what is older stays. Once a playground is
   * ended nothing is kept of it; silent then.
   */
  async keep(playground: string, said: readonly SaidLine[]): Promise<void> {
    const folder = this.#folderOf(playground);
    await this.#turns.take(playground, async () => {
      if (this.#ended.has(playground) || said.length === 0) return;
      await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
        // Its playground is gone, and the folder above with it.
        if (isMissing(error)) this.#ended.add(playground);
        else if (!isThere(error)) throw error;
      });
      if (this.#ended.has(playground)) return;
      for (const [service, lines] of Map.groupBy(said, (line) => line.service)) {
        if (!nameable.test(service)) continue;
        const latest = new LatestLines<SaidLine>();
        for (const line of joined(await this.#read(folder, service), lines)) latest.add(line);
        const text = latest.lines.map(({ service: _, ...line }) => `${JSON.stringify(line)}\n`).join('');
        await writeDurably(`${folder}/${service}${ending}`, text);
      }
    });
  }

  /** Keeps nothing more of a playground whose files are about to be removed, once what is being kept is. */
  async end(playground: string): Promise<void> {
    this.#ended.add(playground);
    await this.#turns.take(playground, async () => {});
  }

  async #read(folder: string, service: string): Promise<readonly SaidLine[]> {
    const text = (await readTextIfPresent(`${folder}/${service}${ending}`)) ?? '';
    return text.split('\n').flatMap((line): SaidLine[] => {
      const parsed = keptSchema.safeParse(parseJson(line));
      return parsed.success ? [{ service, ...parsed.data }] : [];
    });
  }
}

/** Both in the order of each container. What was kept of one gives way from where the new lines of it begin. */
function joined(kept: readonly SaidLine[], said: readonly SaidLine[]): readonly SaidLine[] {
  const begins = new Map<string, string>();
  for (const { id, at } of said) if (!begins.has(id)) begins.set(id, at);
  const older = kept.filter(({ id, at }) => at < (begins.get(id) ?? '9'));
  // A line that is dated before the one above it, as happens between two outputs, stays below it.
  const latest = new Map<string, string>();
  const dated = [...older, ...said].map((line) => {
    const before = latest.get(line.id) ?? '';
    const at = line.at > before ? line.at : before;
    latest.set(line.id, at);
    return { line, at };
  });
  const sorted = dated.toSorted(({ at: one }, { at: other }) => (one < other ? -1 : Number(one > other)));
  return sorted.map(({ line }) => line);
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
