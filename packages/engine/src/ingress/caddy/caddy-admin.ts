// What Caddy is told over its administrative socket.
import { request } from 'node:http';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

const askTimeoutMs = 20_000;

export class CaddyAdmin {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  async answers(): Promise<boolean> {
    return await this.#ask('GET', '/config/admin').then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  /**
   * Has it take up a configuration. Of one that it has already it takes up nothing, and closes no connection, unless that is to be
   * `anew`.
   * @throws PlayhouseError ingress-failed
   */
  async load(config: string, anew: boolean): Promise<void> {
    const more = anew ? { 'cache-control': 'must-revalidate' } : {};
    const { status, body } = await this.#ask('POST', '/load', config, more).catch((error: unknown) => {
      throw caddyFailed(error instanceof Error ? error.message : String(error));
    });
    if (status !== 200) throw caddyFailed(`it refused the routes: ${body.trim()}`);
  }

  /** Has it end by itself; silent when it does not answer. */
  async stop(): Promise<void> {
    if (await this.answers()) await this.#ask('POST', '/stop').catch(() => {});
  }

  async #ask(
    method: string,
    path: string,
    body = '',
    more: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: string }> {
    return await new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', host: 'localhost', ...more };
      // Each time that it is told something it opens its socket anew.
      const options = {
        socketPath: this.#socket,
        method,
        path,
        headers,
        timeout: askTimeoutMs,
        agent: false,
      };
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

export function caddyFailed(detail: string): PlayhouseError {
  return new PlayhouseError('ingress-failed', { proxy: 'Caddy', detail });
}
