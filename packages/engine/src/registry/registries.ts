// The registries this playroom may read from, and what opens them. Passwords are on disk only encrypted, in a log never, and
// reach skopeo through a private file that lives as long as skopeo does.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Registry, RegistryCredential } from '@playhouse/contract/registry';
import type { SecretBox } from '@playhouse/contract/secret-box';
import { z } from 'zod';
import { namesIn, readJson, removeTree, writeDurably } from '../system/durable-file.ts';
import { openSecretBox } from '../system/open-secret-box.ts';
import { type Run, run as runProgram } from '../system/run.ts';
import { Turns } from '../system/turns.ts';
import { explainSkopeo } from './explain-skopeo.ts';
import { isLoopback, loginCommand, type RegistryAccess } from './skopeo.ts';

/** Below the server’s patience with a question. */
const loginTimeoutMs = 8000;

const storeSchema = z.record(
  z.string(),
  z.object({ username: z.string(), since: z.iso.datetime(), sealed: z.string() }),
);
type Store = z.infer<typeof storeSchema>;

export interface RegistriesOptions {
  readonly file: string;
  readonly keyFile: string;
  /** Where private files may lie for a while. */
  readonly run: string;
  /** Registries beside those on this host that are spoken to without TLS. */
  readonly insecure: readonly string[];
  readonly runProgram?: Run;
}

export class Registries {
  readonly #options: RegistriesOptions;
  readonly #box: SecretBox;
  readonly #turns = new Turns();

  private constructor(options: RegistriesOptions, box: SecretBox) {
    this.#options = options;
    this.#box = box;
  }

  /** Opens the store, and removes what a killed engine left of private files. */
  static async open(options: RegistriesOptions): Promise<Registries> {
    for (const name of await namesIn(options.run)) {
      if (name.startsWith('auth-')) await removeTree(`${options.run}/${name}`);
    }
    return new Registries(options, await openSecretBox(options.keyFile));
  }

  async list(): Promise<Registry[]> {
    return Object.entries(await this.#read())
      .map(([registry, { username, since }]) => ({ registry, username, since }))
      .toSorted((a, b) => a.registry.localeCompare(b.registry));
  }

  /**
   * Tries a credential and keeps it, in the place of an earlier one.
   * @throws PlayhouseError registry-unauthorized, registry-unreachable
   */
  async login({ registry, username, password }: RegistryCredential): Promise<void> {
    await this.tryLogin({ registry, username, password });
    const sealed = this.#box.seal(password, registry);
    const since = new Date().toISOString();
    await this.#change((store) => ({ ...store, [registry]: { username, since, sealed } }));
  }

  /** @throws PlayhouseError registry-unknown */
  async logout(registry: string): Promise<void> {
    await this.#change(({ [registry]: known, ...others }) => {
      if (known === undefined) throw new PlayhouseError('registry-unknown', { registry });
      return others;
    });
  }

  /** Does work that speaks to a registry. The file with its credential is gone when the work is over. */
  async withAccess<T>(registry: string, work: (access: RegistryAccess) => Promise<T>): Promise<T> {
    const known = (await this.#read())[registry];
    const auth =
      known === undefined
        ? {}
        : { [registry]: { auth: encode(known.username, this.#box.unseal(known.sealed, registry)) } };
    return await this.#withFile(registry, auth, work);
  }

  /** All of them, opened, by registry. */
  async logins(): Promise<ReadonlyMap<string, { readonly username: string; readonly password: string }>> {
    const all = Object.entries(await this.#read());
    return new Map(
      all.map(([registry, { username, sealed }]) => [
        registry.toLowerCase(),
        { username, password: this.#box.unseal(sealed, registry) },
      ]),
    );
  }

  /** Tries a credential without keeping it. @throws PlayhouseError registry-unauthorized, registry-unreachable */
  async tryLogin({ registry, username, password }: RegistryCredential): Promise<void> {
    const { exitCode, stderr } = await this.#withFile(
      registry,
      {},
      async (access) =>
        await (this.#options.runProgram ?? runProgram)(loginCommand(registry, username, access), {
          input: password,
          timeoutMs: loginTimeoutMs,
        }),
    );
    if (exitCode === 0) return;
    throw explainSkopeo(stderr, { registry, what: username, source: registry, byDigest: false });
  }

  async #withFile<T>(
    registry: string,
    auths: object,
    work: (access: RegistryAccess) => Promise<T>,
  ): Promise<T> {
    const folder = await mkdtemp(`${this.#options.run}/auth-`);
    const authFile = `${folder}/auth.json`;
    const insecure = isLoopback(registry) || this.#options.insecure.includes(registry);
    try {
      await writeFile(authFile, JSON.stringify({ auths }), { mode: 0o600 });
      return await work({ insecure, authFile });
    } finally {
      await removeTree(folder);
    }
  }

  async #read(): Promise<Store> {
    return storeSchema.parse((await readJson(this.#options.file)) ?? {});
  }

  async #change(change: (store: Store) => Store): Promise<void> {
    await this.#turns.take('store', async () => {
      await writeDurably(this.#options.file, JSON.stringify(change(await this.#read())), 0o600);
    });
  }
}

function encode(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}
