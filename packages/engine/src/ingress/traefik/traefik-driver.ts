// Runs Traefik as the ingress: a process of its own, without root’s rights, that outlives the engine and watches a file. It leads
// straight to what is open to everybody; hosts with a login or a page it hands to the Caddy behind it.
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type Account, asAccount } from '../../system/as-account.ts';
import { readTextIfPresent, writeDurably } from '../../system/durable-file.ts';
import { findProcesses } from '../../system/find-processes.ts';
import { freePort } from '../../system/free-port.ts';
import { LatestWish } from '../../system/latest-wish.ts';
import { identify, isAlive, killAndWait, type ProcessIdentity } from '../../system/process-identity.ts';
import { startDetached } from '../../system/start-detached.ts';
import { awaitCertificates } from '../await-certificates.ts';
import { planCertificates } from '../certificates/plan-certificates.ts';
import type { IngressDriver, Route } from '../ingress-driver.ts';
import { letRead, makeProxyFolders, socketFolder } from '../proxy-folders.ts';
import type { ProxyOptions } from '../proxy-options.ts';
import { CaddyBehind } from './caddy-behind.ts';
import { dynamicConfig, needsCaddy, staticConfig } from './traefik-config.ts';
import { traefikRefusal } from './traefik-refusals.ts';

const startTimeoutMs = 20_000;
const takeUpTimeoutMs = 10_000;
const pollMs = 20;

export interface TraefikOptions extends ProxyOptions {
  /** Gives the program; asked when it is to be started. */
  readonly program: () => Promise<string>;
}

export class TraefikDriver implements IngressDriver {
  readonly name = 'traefik';
  readonly #options: TraefikOptions;
  readonly #wishes = new LatestWish<readonly Route[]>();

  readonly #behind: CaddyBehind;
  /** Hosts that Traefik hands on; null while nobody knows. */
  #handedOn: ReadonlySet<string> | null = null;
  /** The one that was seen last. */
  #seen: ProcessIdentity | null = null;

  constructor(options: TraefikOptions) {
    this.#options = options;
    this.#behind = new CaddyBehind(options);
  }

  get alive(): boolean {
    return this.#seen !== null && isAlive(this.#seen) && this.#behind.alive;
  }

  async apply(wanted: readonly Route[]): Promise<void> {
    await this.#wishes.fulfil(wanted, async (latest) => {
      const routes = latest();
      const account = await this.#options.account();
      await makeProxyFolders(this.#options, account);
      const handedOn = needsCaddy(routes);
      const before = this.#handedOn;
      // Until Traefik has taken up the routes, what it handed on before still comes.
      const port = await this.#behind.serve(
        routes.filter(({ host }) => before?.has(host) !== false || handedOn.has(host)),
      );
      this.#handedOn = null;
      const revision = randomBytes(8).toString('hex');
      const statusPort = this.#processes().length > 0 ? await this.#statusPort() : null;
      await this.#write('dynamic.yml', await this.#dynamic(routes, { revision, handedOn, port }), account);
      if (statusPort === null) await this.#start(account, revision);
      else await this.#untilTakenUp(statusPort, revision, takeUpTimeoutMs, () => this.#gone());
      this.#seen = this.#processes()[0] ?? null;
      this.#handedOn = handedOn;
    });
  }

  async certify(hosts: readonly string[]): Promise<void> {
    await awaitCertificates(hosts, this.#options, { file: this.#file('log'), refusal: traefikRefusal });
  }

  async stop(): Promise<void> {
    await this.#wishes.alone(async () => {
      this.#wishes.forget();
      for (const process of this.#processes()) await killAndWait(process);
      await this.#behind.stop();
      for (const end of ['yml', 'dynamic.yml', 'status']) await rm(this.#file(end), { force: true });
    });
  }

  async #dynamic(
    routes: readonly Route[],
    { revision, handedOn, port }: { revision: string; handedOn: ReadonlySet<string>; port: number },
  ): Promise<string> {
    const { automatic, given } = await planCertificates(routes, this.#options);
    const behind = { hosts: handedOn, port, authorityFile: this.#options.authority.file };
    return dynamicConfig(routes, revision, behind, { automatic: new Set(automatic), given });
  }

  async #start(account: Account | null, revision: string): Promise<void> {
    const { httpsPort, httpPort, certificates, storage } = this.#options;
    // One of which nobody knows where it answers cannot be told anything.
    for (const process of this.#processes()) await killAndWait(process);
    const statusPort = await freePort();
    const place = { httpsPort, httpPort, statusPort, dynamicFile: this.#file('dynamic.yml') };
    const config = staticConfig({ ...place, acmeFile: `${storage}/acme.json` }, certificates.issuer);
    await this.#write('yml', JSON.stringify(config), account);
    await writeDurably(this.#file('status'), String(statusPort));
    const log = this.#file('log');
    const words = [await this.#options.program(), `--configFile=${this.#file('yml')}`];
    const home = socketFolder(this.#options);
    const { pid, exited } = await startDetached(
      [...asAccount(account), 'env', `HOME=${home}`, ...words],
      log,
    );
    const outcome: { exit?: number | string } = {};
    void exited.then((exit) => (outcome.exit = exit));
    await this.#untilTakenUp(statusPort, revision, startTimeoutMs, () => outcome.exit).catch(
      async (error: unknown) => {
        const process = pid === null ? null : identify(pid);
        if (process) await killAndWait(process);
        throw error;
      },
    );
  }

  /** @throws PlayhouseError ingress-failed, with what it said last */
  async #untilTakenUp(
    port: number,
    revision: string,
    timeoutMs: number,
    ended: () => number | string | undefined,
  ): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await answers(`http://127.0.0.1:${port}/${revision}`))) {
      const exit = ended();
      if (exit !== undefined || performance.now() > deadline) {
        const said = ((await readTextIfPresent(this.#file('log'))) ?? '').trim().slice(-600);
        throw failed(
          `${exit === undefined ? 'it does not take up the routes' : `it ended with ${exit}`}: ${said}`,
        );
      }
      await setTimeout(pollMs);
    }
  }

  async #write(end: string, text: string, account: Account | null): Promise<void> {
    // It appears with the rights that it has.
    await writeDurably(this.#file(`${end}.next`), text);
    await letRead(this.#file(`${end}.next`), account);
    await rename(this.#file(`${end}.next`), this.#file(end));
  }

  async #statusPort(): Promise<number | null> {
    const port = Number(await readFile(this.#file('status'), 'utf8').catch(() => ''));
    return port > 0 ? port : null;
  }

  #gone(): string | undefined {
    return this.#processes().length > 0 ? undefined : 'an unknown code';
  }

  #file(end: string): string {
    return `${this.#options.runFolder}/traefik.${end}`;
  }

  /** Ours are those that were started with our configuration file, whoever started them. */
  #processes(): readonly ProcessIdentity[] {
    const config = `--configFile=${this.#file('yml')}`;
    const own = (words: readonly string[]) => words[words.indexOf(config) - 1]?.endsWith('traefik') === true;
    return findProcesses((words) => words.includes(config) && own(words)).map(({ process }) => process);
  }
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    async (response) => (await response.arrayBuffer(), response.ok),
    () => false,
  );
}

function failed(detail: string): PlayhouseError {
  return new PlayhouseError('ingress-failed', { proxy: 'Traefik', detail });
}
