// The authority of the installation: signs certificates for hosts at once, so that an address works as soon as it is there, with
// whichever proxy. Whoever trusts `authority.pem` is not asked about them.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readdir, rename } from 'node:fs/promises';
import pLimit from 'p-limit';
import { readTextIfPresent, removeTree, writeDurably } from '../../system/durable-file.ts';
import { newKey, writeAuthority, writeCertificate } from './openssl.ts';

const dayMs = 86_400_000;
const authorityDays = 3650;
/** Browsers take no longer ones. */
const hostDays = 397;
/** With so much time left another one is made. */
const renewBeforeMs = 130 * dayMs;
const atATime = 4;

/** A certificate with its chain, and its key; both PEM. */
export interface HostCertificate {
  readonly host: string;
  readonly chain: string;
  readonly key: string;
}

export class LocalAuthority {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #known = new Map<string, HostCertificate & { readonly until: number }>();
  readonly #limit = pLimit(atATime);

  /** Keeps all in a folder that only root reads but for `authority.pem`. `now` gives milliseconds since 1970. */
  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  /** What to trust to trust them all. */
  get file(): string {
    return this.#authority;
  }

  /** Certificates for these hosts, made where there is none that is good for long; old ones of others are removed. */
  async certificatesFor(hosts: readonly string[]): Promise<readonly HostCertificate[]> {
    if (hosts.length === 0) return [];
    await mkdir(this.#folder, { recursive: true });
    await chmod(this.#folder, 0o711);
    await this.#ensureAuthority();
    const wanted = hosts.filter((host) => !this.#lasts(this.#known.get(host)?.until));
    await Promise.all(wanted.map(async (host) => await this.#limit(async () => await this.#ensure(host))));
    if (wanted.length > 0) await this.#removeOld(new Set(hosts));
    return hosts.flatMap((host) => this.#known.get(host) ?? []);
  }

  async #ensure(host: string): Promise<void> {
    const kept = await this.#read(host);
    if (kept !== null && this.#lasts(kept.until)) return void this.#known.set(host, kept);
    const [keyFile, certificateFile] = [this.#file(`${host}.key`), this.#file(`${host}.pem`)];
    await writeDurably(keyFile, newKey(), 0o600);
    const authority = { authorityKeyFile: this.#authorityKey, authorityFile: this.#authority };
    const files = { keyFile, certificateFile: `${certificateFile}.new` };
    await writeCertificate([host], hostDays, { ...files, ...authority });
    await rename(files.certificateFile, certificateFile);
    const made = await this.#read(host);
    if (made === null) throw new Error(`the certificate of ${host} that was made is none`);
    this.#known.set(host, made);
  }

  /** What there is of a host; null when that is nothing, no pair, or not of this authority. */
  async #read(host: string) {
    const [key, chain] = await Promise.all(
      ['key', 'pem'].map(async (end) => await readTextIfPresent(this.#file(`${host}.${end}`))),
    );
    const authority = await readTextIfPresent(this.#authority);
    if (!key || !chain || !authority) return null;
    try {
      const certificate = new X509Certificate(chain);
      const until = certificate.validToDate.getTime();
      const right =
        certificate.checkPrivateKey(createPrivateKey(key)) &&
        certificate.verify(new X509Certificate(authority).publicKey) &&
        certificate.checkHost(host) !== undefined;
      return right ? { host, chain, key, until } : null;
    } catch {
      return null; // what a crash left half-written
    }
  }

  async #ensureAuthority(): Promise<void> {
    const [key, certificate] = [
      await readTextIfPresent(this.#authorityKey),
      await readTextIfPresent(this.#authority),
    ];
    if (key !== null && certificate !== null) return;
    await writeDurably(this.#authorityKey, newKey(), 0o600);
    const files = { keyFile: this.#authorityKey, certificateFile: `${this.#authority}.new` };
    await writeAuthority('Playhouse local authority', authorityDays, files);
    await chmod(files.certificateFile, 0o644);
    await rename(files.certificateFile, this.#authority);
    this.#known.clear();
  }

  async #removeOld(hosts: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const host = /^(.+)\.pem$/.exec(name)?.[1];
      if (host === undefined || hosts.has(host) || name === authorityName) continue;
      if (this.#lasts((await this.#read(host))?.until)) continue;
      this.#known.delete(host);
      for (const end of ['key', 'pem']) await removeTree(this.#file(`${host}.${end}`));
    }
  }

  #lasts(until: number | undefined): boolean {
    return until !== undefined && until - this.#now() > renewBeforeMs;
  }

  get #authority(): string {
    return this.#file(authorityName);
  }

  get #authorityKey(): string {
    return this.#file('authority.key');
  }

  #file(name: string): string {
    return `${this.#folder}/${name}`;
  }
}

const authorityName = 'authority.pem';
