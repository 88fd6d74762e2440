// Caddy as the ingress.
import { asAccount } from '../../system/as-account.ts';
import { namesIn, readTextIfPresent } from '../../system/durable-file.ts';
import { LatestWish } from '../../system/latest-wish.ts';
import { runOrFail } from '../../system/run.ts';
import { awaitCertificates } from '../await-certificates.ts';
import { planCertificates } from '../certificates/plan-certificates.ts';
import type { IngressDriver, Route } from '../ingress-driver.ts';
import type { ProxyOptions } from '../proxy-options.ts';
import { caddyConfig } from './caddy-config.ts';
import { CaddyProcess } from './caddy-process.ts';
import { caddyRefusal, misfitIn, misfitSince } from './caddy-refusals.ts';

/** Within this, connections that are in use end by themselves: of most clients, and of all but those that are idle for long. */
const leaveTakingMs = { usual: 500, gentle: 1000 };
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
  readonly #wishes = new LatestWish<{ readonly routes: readonly Route[]; readonly gently: boolean }>();
  /** What was told last; null before. */
  #told: string | null = null;
  /** When, in ms since 1970. */
  #toldAt = 0;
  /** Hosts that were seen served. */
  readonly #certified = new Set<string>();

  constructor(options: CaddyOptions) {
    this.#options = options;
    this.#process = new CaddyProcess({ ...options, name: 'caddy' });
  }

  get alive(): boolean {
    return this.#process.alive;
  }

  async apply(routes: readonly Route[], gently = false): Promise<void> {
    await this.#wishes.fulfil({ routes, gently }, async (latest) => {
      const ran = await this.#process.ensure();
      if (!ran) this.#certified.clear();
      const { gate, account, httpsPort } = this.#options;
      await gate.open((await account())?.gid ?? null);
      const leaveMs = latest().gently ? leaveTakingMs.gentle : leaveTakingMs.usual;
      if (ran && (await this.#configOf(latest().routes)) !== this.#told)
        await this.#process.takeLeave(httpsPort, leaveMs);
      const config = await this.#configOf(latest().routes);
      await this.#load(config);
      this.#told = config;
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
        await this.#wishes.alone(async () => {
          if (this.#told !== null) await this.#load(this.#told, true);
        });
    });
    for (const each of wanted) this.#certified.add(each);
  }

  async stop(): Promise<void> {
    await this.#wishes.alone(async () => {
      await this.#process.stop();
      this.#certified.clear();
      this.#wishes.forget();
    });
  }

  async #configOf(routes: readonly Route[]): Promise<string> {
    const { httpsPort, httpPort, storage, gate, certificates, retryForMs } = this.#options;
    const planned = await planCertificates(routes, this.#options);
    const front = { kind: 'open', httpsPort, httpPort } as const;
    const keepsSockets = await this.#process.keepsSockets();
    const place = {
      front,
      leaveTaking: this.#process.leaveFile,
      storage,
      gateSocket: gate.socket,
      adminSocket: this.#process.adminSocket,
      retryForMs,
      keepsSockets,
    };
    return JSON.stringify(caddyConfig(routes, place, { issuer: certificates.issuer, ...planned }));
  }

  async #load(config: string, anew = false): Promise<void> {
    const { httpsPort } = this.#options;
    this.#toldAt = Date.now();
    await this.#process.load(httpsPort, config, anew).catch(async (error: unknown) => {
      const misfit = misfitIn(String(error));
      if (misfit === null || !(await this.#removePairs(misfit))) throw error;
      await this.#process.load(httpsPort, config, anew);
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
