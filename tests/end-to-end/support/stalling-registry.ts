// A registry that stops in the middle of a layer: a proxy before a real one, which while it is told to hold sends half of each
// large answer and then nothing more, as a line that has died without a word.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Installation } from './installation.ts';
import { Service } from './process.ts';
import { until } from './until.ts';

/** Bytes from which an answer is held: layers, not manifests. */
const large = 100_000;

const program = `
const [port, upstream, hold] = process.argv.slice(1);
const { existsSync } = require('node:fs');
const { createServer, request } = require('node:http');
createServer((asked, answer) => {
  const [host, at] = upstream.split(':');
  const options = { host, port: at, method: asked.method, path: asked.url, headers: asked.headers };
  asked.pipe(request(options, (found) => {
    answer.writeHead(found.statusCode, found.headers);
    const size = Number(found.headers['content-length'] ?? 0);
    if (size < ${large} || !existsSync(hold)) return found.pipe(answer);
    let sent = 0;
    found.on('data', (bytes) => {
      if (sent < size / 2) answer.write(bytes);
      if (sent < size / 2 && sent + bytes.length >= size / 2) console.log('holding');
      sent += bytes.length;
    });
  }));
}).listen(Number(port), '127.0.0.1');
`;

export class StallingRegistry implements AsyncDisposable {
  /** As references name it. */
  readonly name: string;
  readonly #folder: string;
  readonly #service: Service;

  private constructor(name: string, folder: string, service: Service) {
    this.name = name;
    this.#folder = folder;
    this.#service = service;
  }

  /** Starts it, holding, before the registry of this name. */
  static async start(installation: Installation, port: number, upstream: string): Promise<StallingRegistry> {
    const folder = await mkdtemp('/tmp/phs-');
    await writeFile(`${folder}/hold`, '');
    const words = [process.execPath, '-e', program, '--', `${port}`, upstream, `${folder}/hold`];
    const service = new Service([...installation.inNetns, ...words], {});
    const proxy = new StallingRegistry(`127.0.0.1:${port}`, folder, service);
    const answers = async () =>
      await installation.fetch(`http://${proxy.name}/v2/`).then(
        () => true,
        () => false,
      );
    await until('the proxy to answer', answers, service);
    return proxy;
  }

  /** Waits until one more answer is held in its middle. */
  async untilHolding(): Promise<void> {
    const held = () => this.#service.output.split('holding').length - 1;
    await until('a layer to be held', async () => held() > this.#held, this.#service);
    this.#held = held();
  }
  #held = 0;

  /** What is asked from now on comes whole. */
  async letGo(): Promise<void> {
    await rm(`${this.#folder}/hold`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
