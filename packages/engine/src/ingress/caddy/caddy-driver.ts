// Caddy as the ingress.
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { asAccount } from '../../system/as-account.ts';
import { namesIn, readTextIfPresent } from '../../system/durable-file.ts';
import { runOrFail } from '../../system/run.ts';
import { openConnections } from '../../system/open-connections.ts';
import { Turns } from '../../system/turns.ts';
import { awaitCertificates } from '../await-certificates.ts';
import { planCertificates } from '../certificates/plan-certificates.ts';
import type { IngressDriver, Route } from '../ingress-driver.ts';
import type { ProxyOptions } from '../proxy-options.ts';
import { caddyConfig } from './caddy-config.ts';
import { CaddyProcess } from './caddy-process.ts';
import { caddyRefusal, misfitIn, misfitSince } from './caddy-refusals.ts';

/** Within this, connections that are in use end by themselves: of most clients, and of all but those that are idle for long. */
const leaveTakingMs = { usual: 300, gentle: 1000 };
/** Looks for a certificate, after which Caddy is told once more. */
const toldAgainEvery = 500;
/** Looks after which its log is read. */
const readEvery = 50;

export interface CaddyOptions extends ProxyOptions {
  /** For how long an upstream that accepts no connection is tried again. Default: 3 s. */
  readonly retryForMs?: number;
}

export class CaddyDriver implements IngressDriver {
  readonly name = 'caddy';
  readonly #options: CaddyOptions;
  readonly #process: CaddyProcess;
  /** While this file is there, clients take leave. */
  readonly #leave: string;
  /** One configuration after the other: the last one told is the one that holds. */
  readonly #turns = new Turns();
  /** What was asked for last, and what of that Caddy has: one change may do what several asked for meanwhile. */
  #wanted: { readonly routes: readonly Route[]; readonly gently: boolean } | null = null;
  #done: object | null = null;
  /** What was told last; null before. */
  #told: string | null = null;
  /** When, in ms since 1970. */
  #toldAt = 0;
  /** Hosts that were seen served. */
  readonly #certified = new Set<string>();

  constructor(options: CaddyOptions) {
    this.#options = options;
    this.#process = new CaddyProcess({ ...options, name: 'caddy' });
    this.#leave = `${options.runFolder}/caddy.leave`;
  }

  get alive(): boolean {
    return this.#process.alive;
  }

  async apply(routes: readonly Route[], gently = false): Promise<void> {
    this.#wanted = { routes, gently };
    await this.#turns.take('caddy', async () => {
      if (this.#done === this.#wanted) return;
      const ran = await this.#process.ensure();
      if (!ran) this.#certified.clear();
      const { gate, account } = this.#options;
      await gate.open((await account())?.gid ?? null);
      try {
        if (ran) await this.#takeLeave();
        const wanted = this.#wanted ?? { routes };
        const config = await this.#configOf(wanted.routes);
        await this.#load(config);
        [this.#told, this.#done] = [config, wanted];
      } finally {
        // One that an engine left that died is removed with the next change.
        await rm(this.#leave, { force: true });
      }
    });
  }

  async certify(hosts: readonly string[]): Promise<void> {
    const wanted = hosts.filter((host) => !this.#certified.has(host));
    const log = { file: this.#process.log, refusal: caddyRefusal };
    await awaitCertificates(wanted, this.#options, log, async (looks) => {
      if (looks % readEvery !== 0) return;
      const misfit = misfitSince((await readTextIfPresent(log.file)) ?? '', this.#toldAt);
      const isOurs = misfit !== null && wanted.includes(misfit);
      if (isOurs) await this.#removePairs(misfit);
      // Being told anew while it asks for one, by another change of routes, it gives up and tries again after minutes only.
      if (isOurs || looks % toldAgainEvery === 0)
        await this.#turns.take('caddy', async () => {
          if (this.#told !== null) await this.#load(this.#told, true);
        });
    });
    for (const each of wanted) this.#certified.add(each);
  }

  async stop(): Promise<void> {
    await this.#turns.take('caddy', async () => {
      await this.#process.stop();
      await rm(this.#leave, { force: true });
      this.#certified.clear();
      this.#done = null;
    });
  }

  async #configOf(routes: readonly Route[]): Promise<string> {
    const { httpsPort, httpPort, storage, gate, certificates, retryForMs } = this.#options;
    const planned = await planCertificates(routes, this.#options);
    const front = { kind: 'open', httpsPort, httpPort, leaveTaking: this.#leave } as const;
    const keepsSockets = await this.#process.keepsSockets();
    const place = {
      front,
      storage,
      gateSocket: gate.socket,
      adminSocket: this.#process.adminSocket,
      retryForMs,
      keepsSockets,
    };
    return JSON.stringify(caddyConfig(routes, place, { issuer: certificates.issuer, ...planned }));
  }

  /** Has clients end their connections before Caddy does; at once when it is to be told nothing new, or has none. */
  async #takeLeave(): Promise<void> {
    const { routes, gently } = this.#wanted ?? { routes: [], gently: false };
    if ((await this.#configOf(routes)) === this.#told) return;
    if ((await openConnections(this.#options.httpsPort)) === 0) return;
    await writeFile(this.#leave, '', { mode: 0o644 });
    await setTimeout(gently ? leaveTakingMs.gentle : leaveTakingMs.usual);
  }

  async #load(config: string, anew = false): Promise<void> {
    this.#toldAt = Date.now();
    await this.#process.load(config, anew).catch(async (error: unknown) => {
      const misfit = misfitIn(String(error));
      if (misfit === null || !(await this.#removePairs(misfit))) throw error;
      await this.#process.load(config, anew);
    });
  }

  /**
   * Told anew while it stores a certificate, Caddy may store it beside the key of another try, and then takes up no configuration
   * with that host any more, or does not serve it. Once what it has stored for a host is gone, it gets another pair. True when
   * there may have been something.
   */
  async #removePairs(host: string): Promise<boolean> {
    const { storage, account } = this.#options;
    const root = `${storage}/certificates`;
    const folders = (await namesIn(root)).map((issuer) => `${root}/${issuer}/${host}`);
    // As its own user: whatever lies there, root does not follow it.
    await runOrFail([...asAccount(await account()), 'rm', '-rf', '--', ...folders]);
    return folders.length > 0;
  }
}
