// Commands that people run in containers of their services, each over a stream of its own.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import type { Question } from '@playhouse/contract/link/question';
import type { WebSocket } from 'ws';
import type { ContainerState } from '../docker/docker-api.ts';
import { requireServices } from '../require-services.ts';
import { ownerLabel, type ServicesTools } from '../services-context.ts';
import { ExecProcess } from './exec-process.ts';
import { pipeExec } from './pipe-exec.ts';

export type ExecQuestion = Extract<Question, { kind: 'services.exec' }>;

const most = 200;

export class Execs {
  readonly #tools: Pick<ServicesTools, 'records' | 'box' | 'dockerIfThere'>;
  #open = 0;

  constructor(tools: Pick<ServicesTools, 'records' | 'box' | 'dockerIfThere'>) {
    this.#tools = tools;
  }

  /**
   * Prepares a command, and runs it once its stream is open. When the stream ends, so does the command.
   * @throws PlayhouseError playground-unknown, service-missing, service-not-running, exec-limit, exec-failed
   */
  async open(question: ExecQuestion, dial: () => WebSocket): Promise<void> {
    const { playgroundId, service } = question;
    const record = requireServices(this.#tools, playgroundId, [service]);
    if (this.#open >= most) throw new PlayhouseError('exec-limit', { count: most });
    const docker = await this.#tools.dockerIfThere();
    const containers = (await docker?.api.containers(ownerLabel(playgroundId))) ?? [];
    const own = containers.filter((container) => container.service === service);
    const running = own.find(({ status }) => status === 'running');
    if (docker === null || running === undefined) {
      const where = { playground: projectName(record.order), service };
      throw new PlayhouseError('service-not-running', { ...where, state: stateOf(own) });
    }
    const process = await ExecProcess.create(docker.api, running.id, question);
    this.#open += 1;
    void pipeExec(dial(), process).finally(() => (this.#open -= 1));
  }
}

function stateOf([container]: readonly ContainerState[]): string {
  if (container === undefined) return 'there is none';
  return container.exitCode === null
    ? `it is ${container.status}`
    : `it ended with exit code ${container.exitCode}`;
}
