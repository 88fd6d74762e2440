// A Caddy that runs as a process of its own, without root’s rights, outlives the engine, and is told over its administrative socket.
// What it is told is on no disk: passwords, sessions and keys are in its memory only.
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { type Account, asAccount } from '../../system/as-account.ts';
import { readTextIfPresent, writeDurably } from '../../system/durable-file.ts';
import { findProcesses } from '../../system/find-processes.ts';
import { identify, isAlive, killAndWait, type ProcessIdentity } from '../../system/process-identity.ts';
import { run } from '../../system/run.ts';
import { startDetached } from '../../system/start-detached.ts';
import { listeningSockets, openConnections } from '../../system/tcp-sockets.ts';
import { letRead, makeProxyFolders, socketFolder } from '../proxy-folders.ts';
import type { ProxyOptions } from '../proxy-options.ts';
import { CaddyAdmin, caddyFailed } from './caddy-admin.ts';
import { firstConfig } from './caddy-config.ts';

const startTimeoutMs = 20_000;
/** After it has taken up a configuration, what served by the one before is expected to have left its port within this. */
const replacedTimeoutMs = 2000;
const pollMs = 20;
/** The first that can keep WebSockets open when it is told other routes; of 2. */
const keepingSince = 7;

export interface CaddyProcessOptions extends Pick<ProxyOptions, 'storage' | 'runFolder' | 'account'> {
  /** Of its files in the run folder: one folder may have several. */
  readonly name: string;
}

export class CaddyProcess {
  readonly #options: CaddyProcessOptions;
  readonly #admin: CaddyAdmin;
  /** The one that was seen last. */
  #seen: ProcessIdentity | null = null;
  /** What it can; null while nobody has asked. */
  #keepsSockets: boolean | null = null;

  constructor(options: CaddyProcessOptions) {
    this.#options = options;
    this.#admin = new CaddyAdmin(this.adminSocket);
  }

  get adminSocket(): string {
    return `${socketFolder(this.#options)}/${this.#options.name}.sock`;
  }

  get log(): string {
    return this.#file('log');
  }

  /** While this file is there, clients are asked to close their connections. */
  get leaveFile(): string {
    return this.#file('leave');
  }

  /** False when it never ran, or has ended since. */
  get alive(): boolean {
    return this.#seen !== null && isAlive(this.#seen);
  }

  /** Starts it unless it runs; waits for one that is starting, or busy. Gives whether it ran. @throws PlayhouseError ingress-failed */
  async ensure(): Promise<boolean> {
    const account = await this.#options.account();
    await makeProxyFolders(this.#options, account);
    if (await this.#runs()) return true;
    await this.#start(account);
    return false;
  }

  /** True when the one that runs can keep WebSockets open: Debian’s, 2.6, cannot. */
  async keepsSockets(): Promise<boolean> {
    if (this.#keepsSockets !== null) return this.#keepsSockets;
    // The program on disk may be another by now.
    const { stdout } = await run([`/proc/${this.#seen?.pid}/exe`, 'version']);
    const [, major, minor] = /^v?(\d+)\.(\d+)\./.exec(stdout) ?? [];
    this.#keepsSockets = Number(major) > 2 || (Number(major) === 2 && Number(minor) >= keepingSince);
    return this.#keepsSockets;
  }

  /**
   * Has clients of a port end their connections before Caddy does, which it does when it takes up another configuration; resolves
   * when those that were open have ended, or after so many ms. Of those that come meanwhile none is kept open.
   */
  async takeLeave(port: number, ms: number): Promise<void> {
    await writeFile(this.leaveFile, '', { mode: 0o644 });
    const before = await openConnections(port);
    await within(ms, async () => before.isDisjointFrom(await openConnections(port)));
  }

  /** Tells it what to serve at a port; `anew` as its administrative interface means it. @throws PlayhouseError ingress-failed */
  async load(port: number, config: string, anew = false): Promise<void> {
    const before = await listeningSockets(port);
    try {
      await this.#admin.load(config, anew);
      // It answers before what served until then has stopped, whose clients have to be asked to leave up to the end.
      if (before > 0) await within(replacedTimeoutMs, async () => (await listeningSockets(port)) <= before);
    } finally {
      // One that an engine left that died is removed with the next change.
      await rm(this.leaveFile, { force: true });
    }
  }

  /** Silent when it does not run. */
  async stop(): Promise<void> {
    const processes = this.#processes();
    if (processes.length > 0) await this.#admin.stop();
    for (const process of processes) await killAndWait(process);
    for (const path of [this.adminSocket, this.#file('json'), this.leaveFile])
      await rm(path, { force: true });
  }

  async #start(account: Account | null): Promise<void> {
    const { storage } = this.#options;
    await rm(this.adminSocket, { force: true });
    const config = this.#file('json');
    await writeDurably(config, JSON.stringify(firstConfig({ adminSocket: this.adminSocket, storage })));
    await letRead(config, account);
    const words = ['env', `HOME=${storage}`, 'caddy', 'run', '--config', config];
    const { pid, exited } = await startDetached([...asAccount(account), ...words], this.log);
    const outcome: { exit?: number | string } = {};
    void exited.then((exit) => (outcome.exit = exit));
    const deadline = performance.now() + startTimeoutMs;
    while (!(await this.#admin.answers())) {
      if (outcome.exit !== undefined || performance.now() > deadline) {
        const process = pid === null ? null : identify(pid);
        if (process) await killAndWait(process);
        const said = ((await readTextIfPresent(this.log)) ?? '').trim().slice(-600);
        throw caddyFailed(
          outcome.exit === undefined ? 'it does not answer' : `it ended with ${outcome.exit}: ${said}`,
        );
      }
      await setTimeout(pollMs);
    }
    this.#see(this.#processes()[0] ?? null);
  }

  #see(process: ProcessIdentity | null): void {
    this.#seen = process;
    this.#keepsSockets = null;
  }

  /** One that does not answer in time is ended. */
  async #runs(): Promise<boolean> {
    const process = this.alive ? this.#seen : this.#processes()[0];
    if (!process) return false;
    const deadline = performance.now() + startTimeoutMs;
    while (isAlive(process) && performance.now() < deadline) {
      if (await this.#admin.answers()) {
        if (process !== this.#seen) this.#see(process);
        return true;
      }
      await setTimeout(pollMs);
    }
    await killAndWait(process);
    return false;
  }

  #file(end: string): string {
    return `${this.#options.runFolder}/${this.#options.name}.${end}`;
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

/** Waits for it, and no longer than so many ms. */
async function within(ms: number, met: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await met()) && performance.now() < deadline) await setTimeout(pollMs);
}
