// Commands that people run in containers of their services, each over a stream of its own. Each is noted by the id that Docker gave it
// before it runs: one that outlives this engine, whose stream nobody has any more, is ended by the next.
import { rm, writeFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import type { Question } from '@playhouse/contract/link/question';
import type { WebSocket } from 'ws';
import { makePrivateDirectory, namesIn } from '../../system/durable-file.ts';
import type { ContainerState } from '../docker/docker-api.ts';
import { requireServices } from '../require-services.ts';
import { ownerLabel, type ServicesTools } from '../services-context.ts';
import { endExec } from './end-exec.ts';
import { ExecProcess } from './exec-process.ts';
import { pipeExec } from './pipe-exec.ts';

export type ExecQuestion = Extract<Question, { kind: 'services.exec' }>;

type ExecTools = Pick<ServicesTools, 'records' | 'box' | 'dockerIfThere'>;

/** Of one playground at once, so that nobody is kept from theirs by somebody else’s. */
const most = 20;

export class Execs {
  readonly #tools: ExecTools;
  readonly #notes: string;
  readonly #left: readonly string[];
  /** By playground, those that are being prepared included. */
  readonly #counts = new Map<string, number>();
  readonly #running = new Map<WebSocket, Promise<void>>();

  private constructor(tools: ExecTools, notes: string, left: readonly string[]) {
    this.#tools = tools;
    this.#notes = notes;
    this.#left = left;
  }

  /** `notes`: a folder of their own. */
  static async atStart(tools: ExecTools, notes: string): Promise<Execs> {
    await makePrivateDirectory(notes);
    return new Execs(tools, notes, await namesIn(notes));
  }

  /** Ends what an earlier engine ran. Without Docker they stay noted; one that was started since knows none of them. */
  async endLeft(): Promise<void> {
    const docker = this.#left.length === 0 ? null : await this.#tools.dockerIfThere();
    if (docker === null) return;
    await Promise.all(
      this.#left.map(async (id) => {
        await endExec(docker.api, id);
        await this.#forget(id);
      }),
    );
  }

  /**
   * Prepares a command, and runs it once its stream is open. When the stream ends, so does the command.
   * @throws PlayhouseError playground-unknown, service-missing, service-not-running, exec-limit, exec-failed
   */
  async open(question: ExecQuestion, dial: () => WebSocket): Promise<void> {
    const { playgroundId: id, service } = question;
    const playground = projectName(requireServices(this.#tools, id, [service]).order);
    if ((this.#counts.get(id) ?? 0) >= most)
      throw new PlayhouseError('exec-limit', { playground, count: most });
    this.#count(id, 1);
    try {
      const process = await this.#prepare(question, playground);
      await writeFile(`${this.#notes}/${process.id}`, '');
      const stream = dial();
      const ended = pipeExec(stream, process)
        .then(async () => await this.#forget(process.id))
        .finally(() => {
          this.#running.delete(stream);
          this.#count(id, -1);
        });
      this.#running.set(stream, ended);
    } catch (error) {
      this.#count(id, -1);
      throw error;
    }
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    for (const stream of this.#running.keys()) stream.terminate();
    await Promise.all(this.#running.values());
  }

  async #prepare(question: ExecQuestion, playground: string): Promise<ExecProcess> {
    const { playgroundId, service } = question;
    const docker = await this.#tools.dockerIfThere();
    const containers = (await docker?.api.containers(ownerLabel(playgroundId))) ?? [];
    const own = containers.filter((container) => container.service === service);
    const running = own.find(({ status }) => status === 'running');
    if (docker === null || running === undefined)
      throw new PlayhouseError('service-not-running', { playground, service, state: stateOf(own) });
    return await ExecProcess.create(docker.api, running.id, question);
  }

  async #forget(id: string): Promise<void> {
    await rm(`${this.#notes}/${id}`, { force: true });
  }

  #count(id: string, change: 1 | -1): void {
    const count = (this.#counts.get(id) ?? 0) + change;
    if (count > 0) this.#counts.set(id, count);
    else this.#counts.delete(id);
  }
}

function stateOf([container]: readonly ContainerState[]): string {
  if (container === undefined) return 'there is none';
  return container.exitCode === null
    ? `it is ${container.status}`
    : `it ended with exit code ${container.exitCode}`;
}
