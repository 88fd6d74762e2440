// What Docker Compose reads for a service while it renders: environment files, and services of other files that this one extends. All of it
// is the repository’s own, read from its history. Other files are looked at as the Compose file is, and written anew from what was
// looked at, so that Docker Compose can read nothing else in them.
import { posix } from 'node:path';
import { checkBase } from '@playhouse/contract/compose/bases/check-base';
import { unsetReferences } from '@playhouse/contract/compose/environment/unset-references';
import { extendsOf, isRemoteFile } from '@playhouse/contract/compose/bases/extends-of';
import type { HostPolicy } from '@playhouse/contract/compose/policy/host-policy';
import { readCompose } from '@playhouse/contract/compose/read-compose';
import { writeCompiled } from '@playhouse/contract/compose/render/write-compose';
import { type LocatedText, locateIssue } from '@playhouse/contract/manifest/locate-issue';
import type { ManifestPath } from '@playhouse/contract/manifest/manifest-issue';
import { isRecord } from '@playhouse/contract/manifest/noun';
import type { Problem } from '@playhouse/contract/errors/problem';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { pathBeside } from './path-beside.ts';

const mostFiles = 200;
/** Of all that services read, those that are extended among them. */
const mostReads = 500;
/** Of each file; the rest is counted. */
const mostWarnings = 20;
const deepest = 16;

interface ServiceFilesOptions {
  /** Absolute folder that stands for that of the repository, and the Compose file’s path in it. */
  readonly folder: string;
  readonly file: string;
  /** Where the relative paths of a service begin in the repository that it has. */
  readonly beginsIn: (owner: string) => string;
  readonly policy: HostPolicy;
  readonly environment: Readonly<Record<string, string>>;
  /** Gives a fault of the Compose file its place. */
  readonly locate: (issues: readonly Issue[]) => readonly Problem[];
  /** A file of the repository that a service of the Compose file has; null where there is none. What is not `needed` may lead out. */
  readonly read: (path: string, owner: string, needed: boolean) => Promise<string | null>;
  /** Services that run: what others read is not looked for. */
  readonly running: ReadonlySet<string>;
  /** Is told what may not be meant. */
  readonly warn?: (line: string) => void;
}

type Issue = Parameters<typeof locateIssue>[1];

/** A file that services extend. */
interface Base {
  /** Path in the repository, and where it is written. */
  readonly path: string;
  readonly written: string;
  /** The folder beside the Compose file that stands for that of the repository. */
  readonly standsFor: string;
  readonly text: LocatedText;
  readonly services: Readonly<Record<string, unknown>>;
  /** Those that are extended: as they are in the repository, and as they are written. */
  readonly taken: Map<string, readonly [unknown, unknown]>;
}

/** Where a service stands. */
interface Place {
  /** The service of the Compose file that it is read for. */
  readonly owner: string;
  readonly path: ManifestPath;
  /** Null for the Compose file. */
  readonly base: Base | null;
  /** What was extended on the way here. */
  readonly chain: readonly string[];
}

export interface PlacedServices {
  readonly compiled: unknown;
  /** What has to be there, by its path beside the Compose file. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * The compiled file with each service reading files of its own, and those files.
 * @throws PlayhouseError compose-refused
 */
export async function placeServiceFiles(
  compiled: unknown,
  options: ServiceFilesOptions,
): Promise<PlacedServices> {
  return await new ServiceFiles(options).place(compiled);
}

class ServiceFiles {
  readonly #options: ServiceFilesOptions;
  readonly #files = new Map<string, string>();
  /** By the service that they are read for, and their path: repositories may have different ones there, and so have environment files. */
  readonly #bases = new Map<string, Base>();
  readonly #missing: Problem[] = [];
  /** What was read, by service, path and whether it is needed; null where there is none. */
  readonly #read = new Map<string, string | null>();
  readonly #warned = new Set<string>();

  constructor(options: ServiceFilesOptions) {
    this.#options = options;
  }

  async place(compiled: unknown): Promise<PlacedServices> {
    if (!isRecord(compiled) || !isRecord(compiled['services'])) return { compiled, files: this.#files };
    const services: [string, unknown][] = [];
    for (const [name, service] of Object.entries(compiled['services'])) {
      const place = { owner: name, path: ['services', name], base: null, chain: [] };
      services.push([name, await this.#service(service, place)]);
    }
    const faults = [...this.#bases.values()].flatMap((base) => this.#finish(base));
    const problems = [...this.#missing, ...faults];
    if (problems.length > 0) throw refused(problems);
    return { compiled: { ...compiled, services: Object.fromEntries(services) }, files: this.#files };
  }

  /** Looks at what is extended of a base, and has it written. */
  #finish({ path, standsFor, written, text, taken }: Base): readonly Problem[] {
    const of = (which: 0 | 1) => Object.fromEntries([...taken].map(([name, both]) => [name, both[which]]));
    this.#files.set(written, writeCompiled({ services: of(1) }));
    const { policy, environment, folder } = this.#options;
    const root = posix.join(folder, standsFor);
    return checkBase(text, of(0), {
      ...{ policy, environment, root },
      folder: posix.join(root, posix.dirname(path)),
    });
  }

  async #service(service: unknown, place: Place): Promise<unknown> {
    if (!isRecord(service)) return service;
    const placed: Record<string, unknown> = { ...service };
    for (const field of ['env_file', 'label_file'])
      if (Object.hasOwn(service, field))
        placed[field] = await this.#entries(service[field], { ...place, path: [...place.path, field] });
    const { file, service: name } = extendsOf(service) ?? { file: null, service: '' };
    if (file !== null) {
      const base = await this.#open(file, name, place);
      const from = place.base?.written ?? this.#options.file;
      placed['extends'] = { service: name, file: posix.relative(posix.dirname(from), base.written) };
    } else if (place.base !== null && name !== '') await this.#take(place.base, name, place);
    return placed;
  }

  async #entries(written: unknown, place: Place): Promise<unknown> {
    if (!Array.isArray(written)) return await this.#entry(written, place);
    const entries: unknown[] = [];
    for (const [index, entry] of written.entries())
      entries.push(await this.#entry(entry, { ...place, path: [...place.path, index] }));
    return entries;
  }

  async #entry(entry: unknown, place: Place, needed = true): Promise<unknown> {
    if (isRecord(entry)) {
      const mayMiss = entry['required'] === false || entry['required'] === 'false';
      return { ...entry, path: await this.#entry(entry['path'], place, !mayMiss) };
    }
    if (typeof entry !== 'string' || entry.startsWith('/')) return entry;
    const path = pathBeside(posix.join(this.#directoryOf(place), entry));
    if (path === null) {
      // Of the Compose file the policy lets through what its own repository has. What a base reads is looked at later.
      if (place.base !== null || !/^\.\.(\/|$)/.test(posix.normalize(entry))) return entry;
      throw new PlayhouseError('compose-refused', {
        detail: `${place.owner}: ${entry} leads out of its repository`,
      });
    }
    const text = await this.#readOnce(path, place.owner, needed);
    // Where there is none, it is to be missed rather than to be that of another service.
    const own = `of-${place.owner}/${path}`;
    if (text !== null) this.#files.set(own, text);
    else if (needed && this.#options.running.has(place.owner))
      this.#missing.push(...this.#located(place, path));
    if (text !== null && place.path.includes('env_file') && !this.#warned.has(own)) {
      this.#warned.add(own);
      this.#warnOf(path, text);
    }
    return `${this.#options.folder}/${own}`;
  }

  #located({ path, base, owner }: Place, file: string): readonly Problem[] {
    const parameters = { path: file, service: owner };
    const issue = { code: 'compose-file-not-committed', path, parameters } as const;
    return base === null ? this.#options.locate([issue]) : [locateIssue(base.text, issue)];
  }

  #warnOf(file: string, text: string): void {
    const unset = unsetReferences(text, this.#options.environment);
    for (const { name, line } of unset.slice(0, mostWarnings))
      this.#options.warn?.(
        `${file}:${line}: \`${name}\` has neither a default nor a value, and becomes empty`,
      );
    const more = unset.length - mostWarnings;
    if (more > 0)
      this.#options.warn?.(`${file}: and ${more} more have neither a default nor a value, and become empty`);
  }

  /** Each look is a program of its own, and a file may name another as often as it likes. */
  async #readOnce(path: string, owner: string, needed: boolean): Promise<string | null> {
    // One that leads out of the repository is refused only where it is needed.
    const key = JSON.stringify([owner, path, needed]);
    const before = this.#read.get(key);
    if (before !== undefined) return before;
    if (this.#read.size >= mostReads)
      throw new PlayhouseError('compose-refused', {
        detail: `it names more than ${mostReads} files that services read`,
      });
    const text = await this.#options.read(path, owner, needed);
    this.#read.set(key, text);
    return text;
  }

  async #open(file: string, name: string, place: Place): Promise<Base> {
    const refuse = (detail: string) => this.#refusal(file, detail, place);
    const path = file.startsWith('/') ? null : pathBeside(posix.join(this.#directoryOf(place), file));
    if (path === null || isRemoteFile(file)) throw refuse('it is no file beside the Compose file');
    const key = `${place.owner}/${path}`;
    const base = this.#bases.get(key) ?? this.#base(path, place.owner, await this.#text(path, place, refuse));
    this.#bases.set(key, base);
    await this.#take(base, name, place);
    return base;
  }

  async #text(path: string, place: Place, refuse: (detail: string) => PlayhouseError): Promise<string> {
    if (this.#bases.size >= mostFiles) throw refuse(`more than ${mostFiles} files are extended`);
    const text = await this.#readOnce(path, place.owner, true);
    if (text === null) throw refuse('it is in no repository of this playspec');
    return text;
  }

  #base(path: string, owner: string, text: string): Base {
    const read = readCompose(text, path);
    if (read.problems !== undefined) throw refused(read.problems);
    const { file, beginsIn } = this.#options;
    // A repository that begins where the Compose file lies has no folder above.
    const standsFor = posix.relative(beginsIn(owner), posix.dirname(file));
    const name = `extended-${this.#bases.size}-${posix.basename(path)}`;
    const written = posix.join(standsFor, posix.dirname(path), name);
    const services = isRecord(read.value) && isRecord(read.value['services']) ? read.value['services'] : {};
    return { path, written, standsFor, text: read.text, services, taken: new Map() };
  }

  async #take(base: Base, name: string, place: Place): Promise<void> {
    const refuse = (detail: string) => this.#refusal(base.path, detail, place);
    const step = `${name} of ${base.path}`;
    if (place.chain.includes(step)) throw refuse(`\`${name}\` extends itself`);
    if (place.chain.length >= deepest) throw refuse(`more than ${deepest} services extend one another`);
    if (!Object.hasOwn(base.services, name)) throw refuse(`it has no service \`${name}\``);
    const { owner } = place;
    const inside = { owner, base, path: ['services', name], chain: [...place.chain, step] };
    const service = base.services[name];
    const placed = await this.#service(service, inside);
    base.taken.set(name, [service, placed]);
  }

  /** Where relative paths begin in the repository. */
  #directoryOf({ base, owner }: Place): string {
    return base === null ? this.#options.beginsIn(owner) : posix.dirname(base.path);
  }

  #refusal(base: string, detail: string, { path, base: within }: Place): PlayhouseError {
    const issue = { code: 'compose-base', path: [...path, 'extends'], parameters: { base, detail } } as const;
    return refused(within === null ? this.#options.locate([issue]) : [locateIssue(within.text, issue)]);
  }
}

function refused(problems: readonly Problem[]): PlayhouseError {
  const told = problems.map(
    ({ file, line, column, message, hint }) => `${file}:${line}:${column}: ${message} ${hint}`,
  );
  return new PlayhouseError('compose-refused', { detail: [...new Set(told)].join('\n') });
}
