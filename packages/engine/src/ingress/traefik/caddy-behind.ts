// What Traefik cannot do by itself, a Caddy behind it does, which Traefik reaches over TLS at a port of this host: it lets people in
// to internal services, takes what let them in out of their requests, and shows pages. It outlives the engine as Traefik does.
import { rm } from 'node:fs/promises';
import { readTextIfPresent, writeDurably } from '../../system/durable-file.ts';
import { freePort } from '../../system/free-port.ts';
import { caddyConfig } from '../caddy/caddy-config.ts';
import { CaddyProcess } from '../caddy/caddy-process.ts';
import type { Route } from '../ingress-driver.ts';
import type { ProxyOptions } from '../proxy-options.ts';

/** For how long Traefik keeps a connection to it on which nothing is under way; less than it is given to take leave. */
export const idleMs = 200;
const leaveTakingMs = 300;

/** The name that its certificate is for: nobody else who takes its port has the key. */
export const behindName = 'localhost';

export class CaddyBehind {
  readonly #options: ProxyOptions;
  readonly #storage: string;
  readonly #process: CaddyProcess;
  readonly #portFile: string;
  /** What was told last; null before. */
  #told: string | null = null;

  constructor(options: ProxyOptions) {
    this.#options = options;
    // Beside Traefik’s: what one of them may write, the other need not trust.
    this.#storage = `${options.storage}-behind`;
    this.#process = new CaddyProcess({ ...options, storage: this.#storage, name: 'behind' });
    this.#portFile = `${options.runFolder}/behind.port`;
  }

  get alive(): boolean {
    return this.#process.alive;
  }

  /** Has it serve these, and no others. Gives the port where it does. @throws PlayhouseError ingress-failed */
  async serve(routes: readonly Route[]): Promise<number> {
    const { authority, gate, account } = this.#options;
    const given = await authority.certificatesFor([behindName]);
    const ran = await this.#process.ensure();
    const kept = ran ? await this.#keptPort() : null;
    const port = kept ?? (await freePort());
    await gate.open((await account())?.gid ?? null);
    const front = { kind: 'behind', port } as const;
    const keepsSockets = await this.#process.keepsSockets();
    const sockets = { adminSocket: this.#process.adminSocket, gateSocket: gate.socket };
    const { leaveFile: leaveTaking } = this.#process;
    const place = { storage: this.#storage, ...sockets, leaveTaking, keepsSockets };
    const certificates = { issuer: { kind: 'internal' }, automatic: [], given } as const;
    const config = JSON.stringify(caddyConfig(routes, { ...place, front }, certificates));
    if (ran && config !== this.#told) await this.#process.takeLeave(port, leaveTakingMs);
    await this.#process.load(port, config);
    this.#told = config;
    if (kept === null) await writeDurably(this.#portFile, String(port));
    return port;
  }

  /** Silent when it does not run. */
  async stop(): Promise<void> {
    await this.#process.stop();
    await rm(this.#portFile, { force: true });
  }

  async #keptPort(): Promise<number | null> {
    const port = Number(await readTextIfPresent(this.#portFile));
    return port > 0 ? port : null;
  }
}
