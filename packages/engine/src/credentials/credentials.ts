// What opens private repositories and registries, each for its owner’s playgrounds alone. On disk only sealed, in a log or an argument
// never: programs get at it by a private file that lives as long as they do.
import { mkdtemp } from 'node:fs/promises';
import { type Credential, credentialKinds, type NewCredential } from '@playhouse/contract/credential';
import { fitOf } from '@playhouse/contract/credential-place';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { SecretBox } from '@playhouse/contract/secret-box';
import { z } from 'zod';
import { namesIn, readJson, removeTree, writeDurably } from '../system/durable-file.ts';
import { Turns } from '../system/turns.ts';
import { checkCredential } from './check-credential.ts';

const most = 100;
const folderPrefix = 'credential-';

const keptSchema = z.object({
  kind: z.enum(credentialKinds),
  place: z.string(),
  username: z.string(),
  publicKey: z.string().nullable(),
  since: z.iso.datetime(),
  /** Secret and known hosts. */
  sealed: z.string(),
});
/** By the id of their owner, then by name. */
const storeSchema = z.record(z.string(), z.record(z.string(), keptSchema));
const secretsSchema = z.object({ secret: z.string(), knownHosts: z.string() });

type Kept = z.infer<typeof keptSchema>;
type Store = z.infer<typeof storeSchema>;

/** One that was opened for use. */
export interface OpenedCredential extends z.infer<typeof secretsSchema> {
  readonly name: string;
  readonly place: string;
  readonly username: string;
}

export interface CredentialsOptions {
  readonly file: string;
  readonly box: SecretBox;
  /** Where private folders may lie for a while. */
  readonly run: string;
  /** Tries a credential of a registry. @throws PlayhouseError registry-unauthorized, registry-unreachable */
  readonly tryRegistry: (credential: {
    registry: string;
    username: string;
    password: string;
  }) => Promise<void>;
  readonly now: () => number;
}

export class Credentials {
  readonly #options: CredentialsOptions;
  readonly #turns = new Turns();

  private constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /** Opens the store, and removes what a killed engine left of private folders. */
  static async open(options: CredentialsOptions): Promise<Credentials> {
    for (const name of await namesIn(options.run))
      if (name.startsWith(folderPrefix)) await removeTree(`${options.run}/${name}`);
    return new Credentials(options);
  }

  async list(owner: string): Promise<Credential[]> {
    return Object.entries(await this.#of(owner))
      .map(([name, { kind, place, username, publicKey, since }]) => ({
        ...{ name, kind, place, username: username || null, publicKey, since },
      }))
      .toSorted((one, other) => one.name.localeCompare(other.name));
  }

  /**
   * Keeps one, in the place of an earlier one of that name.
   * @throws PlayhouseError credential-invalid, credential-limit, registry-unauthorized, registry-unreachable
   */
  async add(owner: string, credential: NewCredential): Promise<void> {
    const { name, kind, place, username, secret, knownHosts } = credential;
    const publicKey = await this.withFolder(async (folder) => await checkCredential(credential, folder));
    if (kind === 'registry') await this.#options.tryRegistry({ registry: place, username, password: secret });
    const { box, now } = this.#options;
    const sealed = box.seal(JSON.stringify({ secret, knownHosts }), labelOf(owner, name));
    const kept: Kept = { kind, place, username, publicKey, since: new Date(now()).toISOString(), sealed };
    await this.#change(owner, (own) => {
      const all = { ...own, [name]: kept };
      const count = Object.keys(own).length;
      if (Object.keys(all).length > most) throw new PlayhouseError('credential-limit', { count });
      return all;
    });
  }

  /** @throws PlayhouseError credential-unknown */
  async remove(owner: string, name: string): Promise<void> {
    await this.#change(owner, (own) => {
      if (!Object.hasOwn(own, name)) throw new PlayhouseError('credential-unknown', { name });
      return Object.fromEntries(Object.entries(own).filter(([other]) => other !== name));
    });
  }

  /** Forgets all of somebody. Doing so again takes nothing from whoever got that one’s name: ids are nobody else’s. */
  async forget(owner: string): Promise<void> {
    await this.#change(owner, () => ({}));
  }

  /** What opens a repository for somebody: the one whose place fits best; null when none does. */
  async forRepository(owner: string, url: string): Promise<OpenedCredential | null> {
    const fitting = Object.entries(await this.#of(owner)).flatMap(([name, kept]) => {
      const fit = kept.kind === 'registry' ? null : fitOf(kept.place, url);
      return fit === null ? [] : [{ name, kept, fit }];
    });
    const [best] = fitting.toSorted(
      (one, other) => other.fit - one.fit || one.name.localeCompare(other.name),
    );
    return best === undefined ? null : this.#open(owner, best.name, best.kept);
  }

  /** What opens registries for somebody, one each: the latest. */
  async forRegistries(owner: string): Promise<ReadonlyMap<string, OpenedCredential>> {
    const all = Object.entries(await this.#of(owner)).filter(([, { kind }]) => kind === 'registry');
    const ordered = all.toSorted(([, one], [, other]) => one.since.localeCompare(other.since));
    return new Map(
      ordered.map(([name, kept]) => [kept.place.toLowerCase(), this.#open(owner, name, kept)] as const),
    );
  }

  /** A private folder that is gone when the work is over. */
  async withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
    const folder = await mkdtemp(`${this.#options.run}/${folderPrefix}`);
    try {
      return await work(folder);
    } finally {
      await removeTree(folder);
    }
  }

  #open(owner: string, name: string, { place, username, sealed }: Kept): OpenedCredential {
    const opened = this.#options.box.unseal(sealed, labelOf(owner, name));
    return { name, place, username, ...secretsSchema.parse(JSON.parse(opened)) };
  }

  async #of(owner: string): Promise<Store[string]> {
    const store = await this.#read();
    return Object.hasOwn(store, owner) ? (store[owner] ?? {}) : {};
  }

  async #read(): Promise<Store> {
    return storeSchema.parse((await readJson(this.#options.file)) ?? {});
  }

  async #change(owner: string, change: (own: Store[string]) => Store[string]): Promise<void> {
    await this.#turns.take('store', async () => {
      const { [owner]: own = {}, ...others } = await this.#read();
      const changed = change(own);
      const store = Object.keys(changed).length === 0 ? others : { ...others, [owner]: changed };
      await writeDurably(this.#options.file, JSON.stringify(store), 0o600);
    });
  }
}

/** What is sealed for one cannot be given to another. */
function labelOf(owner: string, name: string): string {
  return `credential ${owner} ${name}`;
}
