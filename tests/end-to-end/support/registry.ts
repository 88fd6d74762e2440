// A real registry on loopback, in the namespace of an installation, and images for it that a test crafts entry by entry.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { type CraftedEntry, craftLayer, digestOf } from '../../../packages/engine/src/testing/layer.ts';
import type { Installation } from './installation.ts';
import { runOk, Service } from './process.ts';
import { until } from './until.ts';

export type Entry = CraftedEntry;

/** A layer: its entries, or the file of a tar archive. */
export type Layer = readonly Entry[] | string;

export class Registry implements AsyncDisposable {
  /** As references name it. */
  readonly name: string;
  readonly #installation: Installation;
  readonly #folder: string;
  readonly #service: Service;

  private constructor(installation: Installation, folder: string, name: string, service: Service) {
    this.#installation = installation;
    this.#folder = folder;
    this.name = name;
    this.#service = service;
  }

  /** Starts a registry; with an account it serves nobody else. */
  static async start(
    installation: Installation,
    port: number,
    account: { readonly user: string; readonly password: string } | null = null,
  ): Promise<Registry> {
    const folder = await mkdtemp('/tmp/phr-');
    const lines = [
      'version: 0.1',
      `storage: { filesystem: { rootdirectory: ${folder}/data }, delete: { enabled: true } }`,
      `http: { addr: '127.0.0.1:${port}' }`,
    ];
    if (account !== null) {
      const entry = await runOk(['htpasswd', '-Bbn', account.user, account.password]);
      await writeFile(`${folder}/accounts`, entry);
      lines.push(`auth: { htpasswd: { realm: test, path: ${folder}/accounts } }`);
    }
    await writeFile(`${folder}/config.yml`, `${lines.join('\n')}\n`);
    const service = new Service(
      [...installation.inNetns, 'docker-registry', 'serve', `${folder}/config.yml`],
      {},
    );
    const registry = new Registry(installation, folder, `127.0.0.1:${port}`, service);
    const answers = async () =>
      await installation.fetch(`http://${registry.name}/v2/`).then(
        () => true,
        () => false,
      );
    await until('the registry to answer', answers, service);
    return registry;
  }

  /** Pushes an image made of these layers; gives the digest of its manifest. */
  async push(
    name: string,
    layers: readonly Layer[],
    options: { readonly account?: string; readonly architecture?: string } = {},
  ): Promise<string> {
    const { account, architecture = 'amd64' } = options;
    const layout = await mkdtemp(`${this.#folder}/layout-`);
    await mkdir(`${layout}/blobs/sha256`, { recursive: true });
    const archives = await Promise.all(layers.map(readLayer));
    const blobs = await Promise.all(
      archives.map(
        async (archive) => await addBlob(layout, gzipSync(archive, { level: 1 }), 'layer.v1.tar+gzip'),
      ),
    );
    const rootfs = { type: 'layers', diff_ids: archives.map(digestOf) };
    const config = Buffer.from(JSON.stringify({ os: 'linux', architecture, rootfs }));
    const manifest = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: await addBlob(layout, config, 'config.v1+json'),
      layers: blobs,
    };
    const entry = await addBlob(layout, Buffer.from(JSON.stringify(manifest)), 'manifest.v1+json');
    await writeFile(`${layout}/index.json`, JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
    await writeFile(`${layout}/oci-layout`, JSON.stringify({ imageLayoutVersion: '1.0.0' }));
    const credentials = account === undefined ? [] : ['--dest-creds', account];
    await runOk(
      [
        ...this.#installation.inNetns,
        ...[
          'skopeo',
          '--override-arch',
          architecture,
          'copy',
          '--quiet',
          '--dest-tls-verify=false',
          ...credentials,
        ],
        ...[`oci:${layout}`, `docker://${this.name}/${name}`],
      ],
      { timeoutMs: 120_000 },
    );
    await rm(layout, { recursive: true });
    return entry.digest;
  }

  /** How often a layer or configuration was asked for since the last call. */
  takeBlobRequests(): number {
    const requests = this.#service.output.match(/"GET \/v2\/\S+\/blobs\/\S+/g)?.length ?? 0;
    const since = requests - this.#seen;
    this.#seen = requests;
    return since;
  }
  #seen = 0;

  /** Gives one blob the bytes of another, as a broken or lying registry would. */
  async corrupt(digest: string, by: string): Promise<void> {
    const file = (name: string) => {
      const hex = name.replace('sha256:', '');
      return `${this.#folder}/data/docker/registry/v2/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`;
    };
    await cp(file(by), file(digest));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function readLayer(layer: Layer): Promise<Buffer> {
  return typeof layer === 'string' ? await readFile(layer) : await craftLayer(layer);
}

async function addBlob(layout: string, bytes: Buffer, kind: string) {
  const digest = digestOf(bytes);
  await writeFile(`${layout}/blobs/${digest.replace(':', '/')}`, bytes);
  return { mediaType: `application/vnd.oci.image.${kind}`, digest, size: bytes.byteLength };
}
