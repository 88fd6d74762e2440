// Asks the Docker Engine over its socket: no process is started for a look at what runs.
import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { portLabel } from '@playhouse/contract/compose/names/port-label';
import { z } from 'zod';

const askTimeoutMs = 20_000;
/** Known to every Docker Engine since 20.10. */
const version = 'v1.41';

/** A container as Docker tells it, with what we need of it. */
export interface ContainerState {
  readonly id: string;
  /** Empty of one that no service has. */
  readonly service: string;
  readonly image: string;
  readonly status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  /** Null when it has no health check. */
  readonly health: 'starting' | 'healthy' | 'unhealthy' | null;
  /** What its last health check said. */
  readonly healthOutput: string | null;
  /** Null while it runs. */
  readonly exitCode: number | null;
  /** Addresses on its networks, IPv4. */
  readonly addresses: readonly string[];
  /** That requests go to; null when it is not exposed. */
  readonly port: number | null;
}

/** Tells of the containers that carry a label. */
export type ContainerLister = Pick<DockerApi, 'containers'>;

const listSchema = z.array(z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()).nullable() }));
const inspectSchema = z.object({
  Id: z.string(),
  Config: z.object({ Image: z.string(), Labels: z.record(z.string(), z.string()).nullable() }),
  State: z.object({
    Status: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
    ExitCode: z.int(),
    Health: z
      .object({ Status: z.string(), Log: z.array(z.object({ Output: z.string() })).nullish() })
      .nullish(),
  }),
  NetworkSettings: z.object({
    Networks: z.record(z.string(), z.object({ IPAddress: z.string() })).nullish(),
  }),
});

export class DockerApi {
  readonly socket: string;

  constructor(socket: string) {
    this.socket = socket;
  }

  /** True when a Docker Engine answers. */
  async answers(): Promise<boolean> {
    return await this.#get('/_ping').then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  /** All containers that carry a label, running or not. One that goes meanwhile is left out. */
  async containers(label: string): Promise<readonly ContainerState[]> {
    return await this.#states(await this.containerIds(label));
  }

  /** Their ids. */
  async containerIds(label: string): Promise<readonly string[]> {
    return (await this.#list(label)).map(({ Id }) => Id);
  }

  /**
   * Answers for each value of a label out of one list, asked for with the first question, to who asks for many in one moment: the work
   * that a list is to Docker grows with all its containers, whichever are asked for.
   */
  inOneList(key: string): ContainerLister {
    let list: Promise<z.infer<typeof listSchema>> | undefined;
    const containers = async (label: string) => {
      list ??= this.#list(key);
      const found = (await list).filter(({ Labels }) => `${key}=${Labels?.[key] ?? ''}` === label);
      return await this.#states(found.map(({ Id }) => Id));
    };
    return { containers };
  }

  async #list(label: string): Promise<z.infer<typeof listSchema>> {
    const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
    return listSchema.parse(await this.ask(`/containers/json?all=true&filters=${filters}`));
  }

  async #states(ids: readonly string[]): Promise<readonly ContainerState[]> {
    const states = await Promise.all(ids.map(async (id) => await this.#inspect(id)));
    return states.flatMap((state) => state ?? []);
  }

  async #inspect(id: string): Promise<ContainerState | null> {
    const { status, body } = await this.#get(`/containers/${id}/json`);
    if (status === 404) return null;
    const { Id, Config, State, NetworkSettings } = inspectSchema.parse(JSON.parse(body));
    const { Health, Status, ExitCode } = State;
    const health = Health?.Status;
    // What somebody runs once (`docker compose run`) is not one of the service’s: it gets no requests, and is in nobody’s way.
    const oneOff = Config.Labels?.['com.docker.compose.oneoff'] === 'True';
    return {
      id: Id,
      service: oneOff ? '' : (Config.Labels?.['com.docker.compose.service'] ?? ''),
      image: Config.Image,
      status: Status,
      health: health === 'starting' || health === 'healthy' || health === 'unhealthy' ? health : null,
      healthOutput: Health?.Log?.at(-1)?.Output.trim() ?? null,
      exitCode: Status === 'exited' || Status === 'dead' ? ExitCode : null,
      port: Number(Config.Labels?.[portLabel]) || null,
      addresses: Object.values(NetworkSettings.Networks ?? {}).flatMap(({ IPAddress }) => IPAddress || []),
    };
  }

  /** The JSON at a path of the API; null when what it is about is not there. */
  async ask(path: string): Promise<unknown> {
    const { status, body } = await this.#get(path);
    if (status === 404) return null;
    if (status !== 200) throw refused(status, body);
    return JSON.parse(body);
  }

  /**
   * What a path of the API tells as long as it likes; null when it has nothing to tell. Whoever does not read has Docker wait.
   * Aborting the signal ends it.
   */
  async listen(path: string, signal: AbortSignal): Promise<IncomingMessage | null> {
    return await new Promise((resolve, reject) => {
      const options = { socketPath: this.socket, path: `/${version}${path}`, agent: false, signal };
      const asked = request(options, (response) => {
        if (response.statusCode === 200) return resolve(response);
        response.destroy();
        return resolve(null);
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  /** Posts to a path of the API; the answer as it is. */
  async post(
    path: string,
    content: unknown = {},
  ): Promise<{ readonly status: number; readonly body: string }> {
    return await this.#request('POST', path, JSON.stringify(content));
  }

  /** Posts to a path of the API that goes on as bytes in both directions. */
  async attach(path: string, content: unknown): Promise<Duplex> {
    return await new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', connection: 'Upgrade', upgrade: 'tcp' };
      const options = { method: 'POST', socketPath: this.socket, path: `/${version}${path}`, headers };
      const asked = request({ ...options, agent: false, timeout: askTimeoutMs }, (response) => {
        void bodyOf(response).then((body) => reject(refused(response.statusCode ?? 0, body)), reject);
      });
      asked.on('upgrade', (_response, socket, head) => {
        // It may be silent for hours, and break before anybody looks at it.
        socket.setTimeout(0);
        socket.on('error', () => {});
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      asked.on('timeout', () => asked.destroy(new Error('Docker does not answer in time')));
      asked.on('error', reject);
      asked.end(JSON.stringify(content));
    });
  }

  /** Removes what a path of the API names; silent when it is not there. Docker does not let go of what is in use. */
  async remove(path: string): Promise<void> {
    const { status, body } = await this.#request('DELETE', path);
    if (status >= 300 && status !== 404) throw refused(status, body);
  }

  async #get(path: string): Promise<{ readonly status: number; readonly body: string }> {
    return await this.#request('GET', path);
  }

  async #request(
    method: 'GET' | 'DELETE' | 'POST',
    path: string,
    content = '',
  ): Promise<{ readonly status: number; readonly body: string }> {
    return await new Promise((resolve, reject) => {
      const options = {
        method,
        socketPath: this.socket,
        path: `/${version}${path}`,
        timeout: askTimeoutMs,
        agent: false,
        ...(content === '' ? {} : { headers: { 'content-type': 'application/json' } }),
      };
      const asked = request(options, (response) => {
        void bodyOf(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      });
      asked.on('timeout', () => asked.destroy(new Error('Docker does not answer in time')));
      asked.on('error', reject);
      asked.end(content);
    });
  }
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function refused(status: number, body: string): Error {
  return new Error(`Docker answered ${status}: ${body.slice(0, 300)}`);
}
