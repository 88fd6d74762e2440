// A test engine that plays what a playroom does with playgrounds and their snapshots, command by command.
import type { ErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { Command } from '@playhouse/contract/link/command';
import type { PlaygroundReport } from '@playhouse/contract/link/report';
import type { Layer, Snapshot } from '@playhouse/contract/snapshot';
import { runningMachine } from './fixtures.ts';
import type { TestEngine } from './test-engine.ts';

const at = '2026-01-01T00:00:00.000Z';
const mebibyte = 2 ** 20;

export class TestPlayroom {
  readonly engine: TestEngine;
  /** What it says when it is asked for snapshots and layers. */
  readonly snapshots: Snapshot[] = [];
  readonly layers: Layer[] = [];
  /** Commands as they came. */
  readonly commands: Command[] = [];
  #revision = 1000;

  constructor(engine: TestEngine) {
    this.engine = engine;
    engine.answers = (question) => {
      if (question.kind === 'snapshot.list') return { kind: question.kind, snapshots: this.snapshots };
      if (question.kind === 'layer.list') return { kind: question.kind, layers: this.layers };
      if (question.kind === 'comparison.get')
        return { kind: question.kind, comparison: { from: 'a', to: 'b', machines: [] } };
      if (question.kind !== 'cost.list') return null;
      const cost = { uniqueBytes: 3 * mebibyte, sharedBytes: 300 * mebibyte };
      const owners = this.snapshots.map(({ playgroundId }) => playgroundId);
      return {
        kind: question.kind,
        playgrounds: Object.fromEntries(owners.map((id) => [id, cost])),
        playspecs: { 'saved@1': cost },
      };
    };
  }

  /** Takes the next command, which must be of that kind. */
  async take<K extends Command['kind']>(kind: K): Promise<Extract<Command, { kind: K }>> {
    const { command, sequence } = await this.engine.next('command');
    this.engine.send({ type: 'accepted', sequence });
    this.commands.push(command);
    if (command.kind !== kind) throw new Error(`the next command is ${command.kind}, not ${kind}`);
    return command as Extract<Command, { kind: K }>;
  }

  /** Has an operation end well. */
  async succeed(operationId: string): Promise<void> {
    await this.engine.report({ operationId, revision: ++this.#revision, status: 'succeeded' });
  }

  async fail(operationId: string, error: Omit<ErrorBody, 'problems'>): Promise<void> {
    const told = { ...error, step: 'Cutting' };
    await this.engine.report({ operationId, revision: ++this.#revision, status: 'failed', error: told });
  }

  /** Tells the state of a playground. */
  async tell(
    playgroundId: string,
    state: PlaygroundReport['state'],
    more: Partial<PlaygroundReport> = {},
  ): Promise<void> {
    const machines = [runningMachine({ state: state === 'running' ? 'running' : 'stopped' })];
    await this.engine.reportPlayground({
      playgroundId,
      revision: ++this.#revision,
      state,
      machines,
      ...more,
    });
  }

  /** Carries the start of a playground out, which is the next command. */
  async start(): Promise<Extract<Command, { kind: 'playground.start' }>> {
    const command = await this.take('playground.start');
    await this.succeed(command.operationId);
    await this.tell(command.playground.id, 'running', {
      snapshotId: command.playground.from?.snapshotId ?? null,
    });
    return command;
  }

  /** Carries a stop or suspend out, which is the next command. */
  async stop(kind: 'playground.stop' | 'playground.suspend'): Promise<string> {
    const { operationId, playgroundId } = await this.take(kind);
    this.keep({ id: operationId, playgroundId, memory: kind === 'playground.suspend' });
    await this.succeed(operationId);
    await this.tell(playgroundId, 'stopped', {
      snapshotId: operationId,
      suspended: kind === 'playground.suspend',
    });
    return operationId;
  }

  /** Carries a cut out, which is the next command. */
  async cut(): Promise<Extract<Command, { kind: 'playground.snapshot' }>> {
    const command = await this.take('playground.snapshot');
    const { operationId: id, playgroundId, origin, memory, savedAs } = command;
    this.keep({ id, playgroundId, origin, memory, savedAs });
    await this.succeed(id);
    return command;
  }

  /** Has a snapshot. */
  keep(snapshot: Pick<Snapshot, 'id' | 'playgroundId'> & Partial<Snapshot>): void {
    this.snapshots.push({
      ...{ playgroundName: 'pg-1-debian', origin: 'stop', parentId: null, memory: false, savedAs: null },
      ...{
        createdAt: at,
        offloadedAt: null,
        verifiedAt: null,
        volumes: [],
        checkouts: [],
        machines: [],
        ...{ offloadFailure: null, verifyFailure: null },
      },
      cost: { uniqueBytes: mebibyte, sharedBytes: 300 * mebibyte },
      ...snapshot,
    });
  }
}
