// Runs Caddy as the ingress: a process of its own, without root’s rights, that outlives the engine and is told over its
// administrative socket. Its configuration is also a file, from which it begins when it has to be started.
import { request } from 'node:http';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { connect } from 'node:tls';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { readTextIfPresent, writeDurably } from '../../system/durable-file.ts';
import { findProcesses } from '../../system/find-processes.ts';
import { identify, isAlive, killAndWait, type ProcessIdentity } from '../../system/process-identity.ts';
import { startDetached } from '../../system/start-detached.ts';
import { Turns } from '../../system/turns.ts';
import type { IngressDriver, Route } from '../ingress-driver.ts';
import { caddyConfig } from './caddy-config.ts';

const startTimeoutMs = 20_000;
const askTimeoutMs = 20_000;
/** How long certificates may take. */
const certificateTimeoutMs = 30_000;
const pollMs = 20;
/** Within this, connections that are in use end by themselves. */
const leaveTakingMs = 1000;
/** Looks for a certificate, after which Caddy is told once more. */
const toldAgainEvery = 100;

interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface CaddyOptions {
  /** Certificates and keys; only Caddy’s user reads it. */
  readonly storage: string;
  /** Socket, configuration and log. */
  readonly runFolder: string;
  readonly httpsPort: number;
  readonly httpPort: number;
  /** As whom Caddy runs, with the right to take low ports; null: as who starts it. Asked when it is needed. */
  readonly account: () => Promise<Account | null>;
}

export class CaddyDriver implements IngressDriver {
  readonly name = 'caddy';
  readonly #options: CaddyOptions;
  /** One configuration after the other: the last one told is the one that holds. */
  readonly #turns = new Turns();
  /** Hosts that were seen served. */
  #certified: ReadonlySet<string> = new Set();

  constructor(options: CaddyOptions) {
    this.#options = options;
  }

  async apply(routes: readonly Route[], gently = false): Promise<void> {
    await this.#turns.take('caddy', async () => {
      const { httpsPort, httpPort, storage } = this.#options;
      const adminSocket = this.#file('sock');
      const leaveTaking = this.#file('leave');
      await this.#makeFolders();
      const config = JSON.stringify(
        caddyConfig(routes, { httpsPort, httpPort, adminSocket, leaveTaking, storage }),
      );
      await writeDurably(this.#file('json'), config);
      if (await this.#runs()) {
        await this.#load(config, gently);
      } else {
        this.#certified = new Set();
        await this.#start();
      }
      await this.#awaitCertificates(new Set(routes.map(({ host }) => host)), config);
    });
  }

  async #load(config: string, gently: boolean): Promise<void> {
    const leaveTaking = this.#file('leave');
    try {
      if (gently) {
        await writeFile(leaveTaking, '', { mode: 0o644 });
        await setTimeout(leaveTakingMs);
      }
      const said = await this.#ask('POST', '/load', config);
      if (said.status !== 200) throw failed(`it refused the routes: ${said.body}`);
    } finally {
      // One that an engine left that died is removed with the next change.
      await rm(leaveTaking, { force: true });
    }
  }

  async stop(): Promise<void> {
    await this.#turns.take('caddy', async () => {
      const processes = this.#processes();
      if (processes.length > 0 && (await this.#answers())) await this.#ask('POST', '/stop').catch(() => {});
      for (const process of processes) await killAndWait(process);
      for (const end of ['sock', 'json', 'leave']) await rm(this.#file(end), { force: true });
    });
  }

  async #start(): Promise<void> {
    const { storage } = this.#options;
    const account = await this.#options.account();
    await rm(this.#file('sock'), { force: true });
    const config = this.#file('json');
    if (account) await chown(config, account.uid, account.gid);
    await chmod(config, 0o600);
    const log = this.#file('log');
    const words = ['caddy', 'run', '--config', config];
    const { pid, exited } = await startDetached(
      [...asAccount(account), 'env', `HOME=${storage}`, ...words],
      log,
    );
    const outcome: { exit?: number | string } = {};
    void exited.then((exit) => (outcome.exit = exit));
    const deadline = performance.now() + startTimeoutMs;
    while (!(await this.#answers())) {
      if (outcome.exit !== undefined || performance.now() > deadline) {
        const process = pid === null ? null : identify(pid);
        if (process) await killAndWait(process);
        const said = ((await readTextIfPresent(log)) ?? '').trim().slice(-600);
        throw failed(
          outcome.exit === undefined ? 'it does not answer' : `it ended with ${outcome.exit}: ${said}`,
        );
      }
      await setTimeout(pollMs);
    }
  }

  /**
   * It makes certificates in the background: until then whoever calls is turned away. Being told anew while it makes one, by an
   * engine that came back, it gives up and tries again after minutes only; so it is told once more.
   */
  async #awaitCertificates(hosts: ReadonlySet<string>, config: string): Promise<void> {
    const deadline = performance.now() + certificateTimeoutMs;
    let missing = [...hosts.difference(this.#certified)];
    for (let waited = 1; missing.length > 0; waited++) {
      const greeted = await Promise.all(
        missing.map(async (host) => await greets(this.#options.httpsPort, host)),
      );
      missing = missing.filter((_, index) => greeted[index] === false);
      if (missing.length === 0) break;
      if (performance.now() > deadline) throw failed(`it has no certificate for ${missing.join(', ')} yet`);
      if (waited % toldAgainEvery === 0) await this.#ask('POST', '/load', config);
      await setTimeout(pollMs);
    }
    this.#certified = hosts;
  }

  async #makeFolders(): Promise<void> {
    const { storage, runFolder } = this.#options;
    const account = await this.#options.account();
    for (const folder of [storage, runFolder]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (account) await chown(folder, account.uid, account.gid);
    }
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
      if (await this.#answers()) return true;
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

  async #answers(): Promise<boolean> {
    return await this.#ask('GET', '/config/admin').then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  async #ask(
    method: string,
    path: string,
    body = '',
  ): Promise<{ readonly status: number; readonly body: string }> {
    return await new Promise((resolve, reject) => {
      // What it has is taken up anew as well.
      const headers = {
        'content-type': 'application/json',
        'cache-control': 'must-revalidate',
        host: 'localhost',
      };
      const socketPath = this.#file('sock');
      // Each time that it is told something it opens its socket anew.
      const options = { socketPath, method, path, headers, timeout: askTimeoutMs, agent: false };
      const asked = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString().slice(0, 600) }),
        );
        response.on('error', reject);
      });
      asked.on('timeout', () => asked.destroy(new Error('it does not answer in time')));
      asked.on('error', reject);
      asked.end(body);
    });
  }
}

/** True when a TLS handshake for the host succeeds. */
async function greets(port: number, servername: string): Promise<boolean> {
  return await new Promise((resolve) => {
    // Whose certificate it is does not matter here, only that there is one.
    const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false });
    socket.setTimeout(askTimeoutMs, () => socket.destroy());
    socket.once('secureConnect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

function failed(detail: string): PlayhouseError {
  return new PlayhouseError('ingress-failed', { proxy: 'Caddy', detail });
}

/** Without root’s rights but for the low ports. */
function asAccount(account: Account | null): readonly string[] {
  if (account === null) return [];
  const { uid, gid } = account;
  return [
    ...['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'],
    ...[
      '--bounding-set=-all,+net_bind_service',
      '--inh-caps=-all,+net_bind_service',
      '--ambient-caps=-all,+net_bind_service',
    ],
    '--',
  ];
}
