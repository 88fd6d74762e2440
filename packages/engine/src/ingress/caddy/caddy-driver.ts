// Runs Caddy as the ingress: a process of its own, without root’s rights, that outlives the engine and is told over its
// administrative socket. What it is told is on no disk: passwords’ hashes, sessions and keys are in its memory only.
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type Account, asAccount } from '../../system/as-account.ts';
import { readTextIfPresent, removeTree, writeDurably } from '../../system/durable-file.ts';
import { findProcesses } from '../../system/find-processes.ts';
import { identify, isAlive, killAndWait, type ProcessIdentity } from '../../system/process-identity.ts';
import { startDetached } from '../../system/start-detached.ts';
import { Turns } from '../../system/turns.ts';
import { awaitHandshakes } from '../await-handshake.ts';
import { type Certificates, readOwnCertificate } from '../certificates/certificates.ts';
import type { GateServer } from '../gate/gate-server.ts';
import type { IngressDriver, Route } from '../ingress-driver.ts';
import { letRead, makeProxyFolders, type ProxyFolders, socketFolder } from '../proxy-folders.ts';
import { CaddyAdmin, caddyFailed } from './caddy-admin.ts';
import { caddyConfig, firstConfig } from './caddy-config.ts';
import { refusalsIn } from './caddy-refusals.ts';
import { certificateFolders, hostOfUnfit } from './unfit-certificates.ts';

const startTimeoutMs = 20_000;
/** How long certificates may take: those of our own authority, and those of one far away. */
const certificateTimeoutMs = { internal: 30_000, acme: 90_000 } as const;
/** How long others wait for our own authority; whoever needs the certificate waits longer. */
const issueTimeoutMs = 10_000;
const pollMs = 20;
/** Within this, connections that are in use end by themselves. */
const leaveTakingMs = 1000;
/** Looks for a certificate, after which Caddy is told once more. */
const toldAgainEvery = 100;

export interface CaddyOptions extends ProxyFolders {
  readonly httpsPort: number;
  readonly httpPort: number;
  /** Listens in the run folder. */
  readonly gate: Pick<GateServer, 'open' | 'socket'>;
  readonly certificates: Certificates;
  /** As whom Caddy runs, with the right to take low ports; null: as who starts it. Asked when it is needed. */
  readonly account: () => Promise<Account | null>;
}

export class CaddyDriver implements IngressDriver {
  readonly name = 'caddy';
  readonly #options: CaddyOptions;
  readonly #admin: CaddyAdmin;
  /** One configuration after the other: the last one told is the one that holds. */
  readonly #turns = new Turns();
  /** What was told last; null before. */
  #told: string | null = null;
  /** Hosts that were seen served. */
  readonly #certified = new Set<string>();

  constructor(options: CaddyOptions) {
    this.#options = options;
    this.#admin = new CaddyAdmin(this.#adminSocket);
  }

  async apply(routes: readonly Route[], gently = false): Promise<void> {
    await this.#turns.take('caddy', async () => {
      const config = await this.#configOf(routes);
      const account = await this.#options.account();
      await makeProxyFolders(this.#options, account);
      await this.#options.gate.open(account?.gid ?? null);
      const runs = await this.#runs();
      if (!runs) await this.#start(account);
      await this.#load(config, gently && runs);
      this.#told = config;
      await this.#letIssue(routes.map(({ host }) => host));
    });
  }

  /**
   * Waits until our own authority has issued what is missing, which takes it a moment. Being told anew meanwhile Caddy would give
   * up in the middle, and leave a key on disk that is not that of the certificate beside it.
   */
  async #letIssue(hosts: readonly string[]): Promise<void> {
    const { httpsPort, certificates } = this.#options;
    if (certificates.issuer.kind !== 'internal') return;
    const wanted = [...new Set(hosts)].filter((host) => !this.#certified.has(host));
    const missing = await awaitHandshakes(wanted, {
      ...{ port: httpsPort, timeoutMs: issueTimeoutMs, between: async () => {} },
    });
    for (const host of wanted) if (!missing.includes(host)) this.#certified.add(host);
  }

  async certify(hosts: readonly string[]): Promise<void> {
    const { httpsPort, certificates } = this.#options;
    // Why the administrator’s certificate is no good is told to whoever needs it; what runs does without.
    const own = await readOwnCertificate(certificates, Date.now());
    const wanted = hosts.filter((host) => !this.#certified.has(host));
    const since = Date.now() / 1000;
    const between = async (missing: readonly string[], looks: number) => {
      const log = (await readTextIfPresent(this.#file('log'))) ?? '';
      for (const [host, detail] of refusalsIn(log, missing, since))
        throw new PlayhouseError('certificate-refused', { host, detail });
      // Being told anew while it makes one, by an engine that came back, it gives up and tries again after minutes only.
      if (looks % toldAgainEvery === 0)
        await this.#turns.take('caddy', async () => {
          if (this.#told !== null) await this.#loadOrMend(this.#told);
        });
    };
    const timeoutMs = certificateTimeoutMs[certificates.issuer.kind];
    const [host] = await awaitHandshakes(wanted, { port: httpsPort, timeoutMs, between });
    if (host !== undefined) {
      const detail = own?.fits(host)
        ? 'Caddy does not serve the one that it was given'
        : `there is none after ${timeoutMs / 1000} s`;
      throw new PlayhouseError('certificate-refused', { host, detail });
    }
    for (const each of wanted) this.#certified.add(each);
  }

  async stop(): Promise<void> {
    await this.#turns.take('caddy', async () => {
      const processes = this.#processes();
      if (processes.length > 0) await this.#admin.stop();
      for (const process of processes) await killAndWait(process);
      for (const path of [this.#adminSocket, this.#file('json'), this.#file('leave')])
        await rm(path, { force: true });
      this.#certified.clear();
    });
  }

  async #configOf(routes: readonly Route[]): Promise<string> {
    const { httpsPort, httpPort, storage, gate, certificates } = this.#options;
    const own = await readOwnCertificate(certificates, Date.now()).catch(() => null);
    const place = { httpsPort, httpPort, storage, gateSocket: gate.socket };
    const files = { adminSocket: this.#adminSocket, leaveTaking: this.#file('leave') };
    const { issuer } = certificates;
    return JSON.stringify(caddyConfig(routes, { ...place, ...files }, { issuer, own }));
  }

  async #load(config: string, gently: boolean): Promise<void> {
    const leaveTaking = this.#file('leave');
    try {
      if (gently) {
        await writeFile(leaveTaking, '', { mode: 0o644 });
        await setTimeout(leaveTakingMs);
      }
      await this.#loadOrMend(config);
    } finally {
      // One that an engine left that died is removed with the next change.
      await rm(leaveTaking, { force: true });
    }
  }

  /** A certificate that does not fit its key would keep Caddy from taking up anything: it is thrown away, and made anew. */
  async #loadOrMend(config: string): Promise<void> {
    for (const mended = new Set<string>(); ;) {
      const wrong = await this.#admin.load(config);
      if (wrong === null) return;
      const host = hostOfUnfit(wrong);
      if (host === null || mended.has(host)) throw caddyFailed(`it refused the routes: ${wrong.slice(-600)}`);
      mended.add(host);
      for (const path of await certificateFolders(this.#options.storage, host)) await removeTree(path);
    }
  }

  async #start(account: Account | null): Promise<void> {
    const { storage } = this.#options;
    this.#certified.clear();
    await rm(this.#adminSocket, { force: true });
    const config = this.#file('json');
    await writeDurably(config, JSON.stringify(firstConfig({ adminSocket: this.#adminSocket, storage })));
    await letRead(config, account);
    const log = this.#file('log');
    const words = ['caddy', 'run', '--config', config];
    const { pid, exited } = await startDetached(
      [...asAccount(account), 'env', `HOME=${storage}`, ...words],
      log,
    );
    const outcome: { exit?: number | string } = {};
    void exited.then((exit) => (outcome.exit = exit));
    const deadline = performance.now() + startTimeoutMs;
    while (!(await this.#admin.answers())) {
      if (outcome.exit !== undefined || performance.now() > deadline) {
        const process = pid === null ? null : identify(pid);
        if (process) await killAndWait(process);
        const said = ((await readTextIfPresent(log)) ?? '').trim().slice(-600);
        throw caddyFailed(
          outcome.exit === undefined ? 'it does not answer' : `it ended with ${outcome.exit}: ${said}`,
        );
      }
      await setTimeout(pollMs);
    }
  }

  get #adminSocket(): string {
    return `${socketFolder(this.#options)}/caddy.sock`;
  }

  #file(end: string): string {
    return `${this.#options.runFolder}/caddy.${end}`;
  }

  /** True when it runs and answers; waits for one that is starting, or busy. One that does not answer in time is ended. */
  async #runs(): Promise<boolean> {
    const [process] = this.#processes();
    if (process === undefined) return false;
    const deadline = performance.now() + startTimeoutMs;
    while (isAlive(process) && performance.now() < deadline) {
      if (await this.#admin.answers()) return true;
      await setTimeout(pollMs);
    }
    await killAndWait(process);
    return false;
  }

  /** Ours are those that were started with our configuration file, whoever started them. */
  #processes(): readonly ProcessIdentity[] {
    const own = ['caddy', 'run', '--config', this.#file('json')];
    const found = findProcesses((words) => {
      const at = words.indexOf('--config');
      return own.every((word, index) => words[at - 2 + index] === word);
    });
    return found.map(({ process }) => process);
  }
}
