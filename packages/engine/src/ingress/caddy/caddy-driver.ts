// Runs Caddy as the ingress: a process of its own, without root’s rights, that outlives the engine and is told over its
// administrative socket. What it is told is on no disk: passwords’ hashes, sessions and keys are in its memory only.
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { type Account, asAccount } from '../../system/as-account.ts';
import { namesIn, readTextIfPresent, writeDurably } from '../../system/durable-file.ts';
import { findProcesses } from '../../system/find-processes.ts';
import { identify, isAlive, killAndWait, type ProcessIdentity } from '../../system/process-identity.ts';
import { runOrFail } from '../../system/run.ts';
import { startDetached } from '../../system/start-detached.ts';
import { Turns } from '../../system/turns.ts';
import { awaitCertificates } from '../await-certificates.ts';
import { planCertificates } from '../certificates/plan-certificates.ts';
import type { GateServer } from '../gate/gate-server.ts';
import type { IngressDriver, Route } from '../ingress-driver.ts';
import { letRead, makeProxyFolders, socketFolder } from '../proxy-folders.ts';
import type { ProxyOptions } from '../proxy-options.ts';
import { CaddyAdmin, caddyFailed } from './caddy-admin.ts';
import { caddyConfig, firstConfig } from './caddy-config.ts';
import { caddyRefusal, misfitIn } from './caddy-refusals.ts';

const startTimeoutMs = 20_000;
const pollMs = 20;
/** Within this, connections that are in use end by themselves. */
const leaveTakingMs = 1000;
/** Looks for a certificate, after which Caddy is told once more. */
const toldAgainEvery = 500;

export interface CaddyOptions extends ProxyOptions {
  /** Listens in the run folder. */
  readonly gate: Pick<GateServer, 'open' | 'socket'>;
  /** For how long an upstream that accepts no connection is tried again. Default: 3 s. */
  readonly retryForMs?: number;
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
    });
  }

  async certify(hosts: readonly string[]): Promise<void> {
    const wanted = hosts.filter((host) => !this.#certified.has(host));
    const log = { file: this.#file('log'), refusal: caddyRefusal };
    await awaitCertificates(wanted, this.#options, log, async (looks) => {
      // Being told anew while it asks for one, by another change of routes, it gives up and tries again after minutes only.
      if (looks % toldAgainEvery === 0)
        await this.#turns.take('caddy', async () => {
          if (this.#told !== null) await this.#load(this.#told, false);
        });
    });
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
    const { httpsPort, httpPort, storage, gate, certificates, retryForMs } = this.#options;
    const planned = await planCertificates(routes, this.#options);
    const place = { httpsPort, httpPort, storage, gateSocket: gate.socket, retryForMs };
    const files = { adminSocket: this.#adminSocket, leaveTaking: this.#file('leave') };
    const { issuer } = certificates;
    return JSON.stringify(caddyConfig(routes, { ...place, ...files }, { issuer, ...planned }));
  }

  async #load(config: string, gently: boolean): Promise<void> {
    const leaveTaking = this.#file('leave');
    try {
      if (gently) {
        await writeFile(leaveTaking, '', { mode: 0o644 });
        await setTimeout(leaveTakingMs);
      }
      await this.#admin.load(config).catch(async (error: unknown) => {
        if (!(await this.#removeMisfit(error))) throw error;
        await this.#admin.load(config);
      });
    } finally {
      // One that an engine left that died is removed with the next change.
      await rm(leaveTaking, { force: true });
    }
  }

  /**
   * Told anew while it stores a certificate, Caddy may store it beside the key of another try, and then takes up no configuration
   * with that host any more. True when there was such a pair: it is gone, and Caddy gets another one.
   */
  async #removeMisfit(error: unknown): Promise<boolean> {
    const host = misfitIn(String(error));
    if (host === null) return false;
    const { storage, account } = this.#options;
    const root = `${storage}/certificates`;
    const folders = (await namesIn(root)).map((issuer) => `${root}/${issuer}/${host}`);
    // As its own user: whatever lies there, root does not follow it.
    await runOrFail([...asAccount(await account()), 'rm', '-rf', '--', ...folders]);
    return folders.length > 0;
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
