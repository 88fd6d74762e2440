import { Agent, request } from 'node:https';
import { setTimeout } from 'node:timers/promises';

const connections = 4;
const pauseMs = 10;

/** Asks one request after the other on a few connections that it keeps open, until it is told to end. */
export class SteadyClient {
  readonly #answers = new Set<number | undefined>();
  readonly #failures: string[] = [];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connections, rejectUnauthorized: false });
  readonly #asking: Promise<unknown>;
  #ending = false;

  constructor(port: number, host: string) {
    const ask = async () =>
      await new Promise<void>((resolve) => {
        const options = { host: '127.0.0.1', port, servername: host, headers: { host }, agent: this.#agent };
        const asked = request(options, (response) => {
          this.#answers.add(response.statusCode);
          response.resume().on('end', resolve);
        });
        asked.on('error', (error) => {
          // Whether a connection that is just coming is taken is up to the kernel, and how the host has set it up.
          if (asked.reusedSocket) this.#failures.push(error.message);
          resolve();
        });
        asked.end();
      });
    const goOn = async () => {
      while (!this.#ending) {
        await ask();
        await setTimeout(pauseMs);
      }
    };
    this.#asking = Promise.all(Array.from({ length: connections }, goOn));
  }

  /** Statuses of the answers, and what failed on a connection that was kept open. */
  async end() {
    this.#ending = true;
    await this.#asking;
    this.#agent.destroy();
    return { answers: this.#answers, failures: this.#failures };
  }
}
