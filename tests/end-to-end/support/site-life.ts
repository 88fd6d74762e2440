// The life of a Compose playground, from its start to its destruction, that something goes wrong in.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Operation } from '@playhouse/contract/operation';
import {
  destroyServicesSteps,
  restoreServicesSteps,
  rolloutWays,
  startServicesSteps,
  type Steps,
  stopServicesSteps,
} from '../../../packages/engine/src/services/services-steps.ts';
import { identify, killAndWait } from '../../../packages/engine/src/system/process-identity.ts';
import type { InstallationOptions } from './installation-options.ts';
import { ServicesGround } from './services-ground.ts';
import { siteCompose, wellDockerfile } from './site.ts';
import { until } from './until.ts';

/** What is done to it, in this order. */
export const siteActions = ['start', 'rollout', 'hard-restart', 'stop', 'restart', 'destroy'] as const;
export type SiteAction = (typeof siteActions)[number];

const stepsOf: Readonly<Record<SiteAction, Steps>> = {
  start: startServicesSteps,
  rollout: rolloutWays.rollout,
  'hard-restart': rolloutWays.hard,
  stop: stopServicesSteps('', false),
  restart: restoreServicesSteps,
  destroy: destroyServicesSteps,
};
/** Names of the steps of what is done. */
export const stepLabels = (action: SiteAction): readonly string[] =>
  stepsOf[action].map(({ label }) => label);

const url = 'https://web-site.localhost/';
const unchanged = { upgrade: false, variables: {}, environment: {}, services: {} };

export class SiteLife implements AsyncDisposable {
  readonly ground: ServicesGround;
  /** Of the playground that was started last. */
  #id = '';
  /** What its page says. */
  #version = 0;

  private constructor(ground: ServicesGround) {
    this.ground = ground;
  }

  static async prepare(options: Pick<InstallationOptions, 'proxy'> = {}): Promise<SiteLife> {
    const ground = await ServicesGround.prepare([], options);
    const repository = await ground.repository('site', { Dockerfile: wellDockerfile, 'index.html': '0\n' });
    await ground.define('site', siteCompose(repository));
    return new SiteLife(ground);
  }

  /** Lives through all of it once; `during` does one thing, and what goes wrong with it. */
  async live(during: (action: SiteAction) => Promise<void>): Promise<void> {
    for (const action of siteActions) {
      await during(action);
      await this.#proveSound(action);
    }
  }

  /** Does something that nothing goes wrong with. */
  async do(action: SiteAction): Promise<void> {
    this.#proveWell(await this.#ended(await this.#begin(action)));
  }

  /** The engine dies as a step begins; the next one has to finish it. */
  async engineDies(action: SiteAction, label: string): Promise<void> {
    const { installation } = this.ground;
    await installation.engine?.kill();
    const point = `playground.${action}/${label}/begin`;
    const engine = await installation.startEngine({ PLAYHOUSE_CRASH_POINT: point });
    const operation = await this.#begin(action);
    await engine.exited;
    await installation.startEngine();
    this.#proveWell(await this.#ended(operation), point);
  }

  /**
   * The server dies as it is told that a step has begun, and is not there for a while. The engine goes on, what runs serves on, and the
   * next server learns how it went; also of what nobody got an answer to any more.
   */
  async serverDies(action: SiteAction, label: string): Promise<void> {
    const { installation } = this.ground;
    const point = `playground.${action}/${label}/reported`;
    await installation.server?.kill();
    const server = await installation.startServer({ PLAYHOUSE_CRASH_POINT: point });
    const before = new Set((await this.#operations()).map(({ id }) => id));
    const unanswered = await this.#begin(action).then(
      () => null,
      (error: unknown) => error,
    );
    await until(
      `the server to die at ${point} (${String(unanswered)})`,
      async () => await Promise.resolve(!server.alive),
    );
    if (action === 'rollout') {
      const { status, body } = await this.ground.visit(url);
      assert.ok(
        status === 200 && [this.#version - 1, this.#version].includes(Number(body)),
        `${point}: ${status} ${body}`,
      );
    }
    await installation.startServer();
    const begun = (await this.#operations()).filter(({ id }) => !before.has(id));
    assert.deepEqual(
      begun.map(({ kind }) => kind),
      [`playground.${action}`],
      point,
    );
    for (const operation of begun) {
      this.#id = operation.subject.id;
      this.#proveWell(await this.#ended(operation), point);
    }
  }

  /** Docker dies as a step has begun. What runs serves on, and what does not come off can be done again. */
  async dockerDies(action: SiteAction, label: string): Promise<void> {
    const operation = await this.#begin(action);
    await this.#untilStep(operation, label);
    await this.#killDocker();
    if (action === 'rollout') assert.match((await this.ground.visit(url)).body, /^\d+\n$/);
    if ((await this.#ended(operation)).status !== 'succeeded') await this.#again(action);
  }

  /** It is cancelled as a step has begun. What ran before serves on, and it can be done again; a destruction goes on. */
  async isCancelled(action: SiteAction, label: string): Promise<void> {
    const operation = await this.#begin(action);
    await this.#untilStep(operation, label);
    const client = await this.ground.installation.client();
    const refusal = await client('operation.cancel', { parameters: { operation: operation.id } }).then(
      () => null,
      (error: unknown) => error,
    );
    const { status } = await this.#ended(operation);
    if (refusal !== null || action === 'destroy')
      assert.equal(status, 'succeeded', `${action}: ${String(refusal)}`);
    if (status === 'succeeded') return;
    assert.equal(status, 'cancelled', action);
    if (action === 'rollout' || action === 'hard-restart')
      assert.equal((await this.ground.visit(url)).body, `${this.#version - 1}\n`, action);
    await this.#again(action);
  }

  async #begin(action: SiteAction): Promise<Pick<Operation, 'id'>> {
    const client = await this.ground.installation.client();
    const parameters = { playground: this.#id };
    if (action === 'start') {
      const begun = await client('playground.start', { body: { playspec: 'site', authorizedKeys: [] } });
      this.#id = begun.playground.id;
      return begun.operation;
    }
    if (action === 'rollout' || action === 'hard-restart') {
      this.#version += 1;
      await this.ground.commit('site', { 'index.html': `${this.#version}\n` });
      return (await client(`playground.${action}`, { parameters, body: unchanged })).operation;
    }
    return (await client(`playground.${action}`, { parameters })).operation;
  }

  /** Does again what did not come off. What a version before was taken away for is there again before that. */
  async #again(action: SiteAction): Promise<void> {
    const client = await this.ground.installation.client();
    const parameters = { playground: this.#id };
    const { status } = await this.ground.installation.playground(this.#id);
    const changes = action === 'rollout' || action === 'hard-restart';
    if (status === 'error' || action === 'start' || action === 'restart') {
      const way = status === 'error' ? 'playground.retry' : 'playground.restart';
      this.#proveWell(await this.#ended((await client(way, { parameters })).operation), `${action}: ${way}`);
    }
    if (changes) {
      const { operation } = await client(`playground.${action}`, { parameters, body: unchanged });
      this.#proveWell(await this.#ended(operation), `${action} again`);
    }
    if (action === 'stop') this.#proveWell(await this.#ended(await this.#begin('stop')), 'stop again');
  }

  async #operations(): Promise<readonly Operation[]> {
    const client = await this.ground.installation.client();
    return (await client('operation.list')).operations;
  }

  #proveWell({ kind, status, error }: Operation, where: string = kind): void {
    assert.deepEqual({ status, error }, { status: 'succeeded', error: null }, where);
  }

  /** Silent when it is dead, or on its way already. */
  async #killDocker(): Promise<void> {
    const { state } = this.ground.installation;
    const pid = await readFile(`${state}/run/docker/dockerd.pid`, 'utf8').catch(() => '');
    const dockerd = identify(Number(pid));
    if (dockerd !== null) await killAndWait(dockerd);
  }

  async #ended({ id }: Pick<Operation, 'id'>): Promise<Operation> {
    return await this.ground.installation.ended(id);
  }

  /** Waits until a step has begun, or what it is of has come to its end. */
  async #untilStep({ id: operation }: Pick<Operation, 'id'>, label: string): Promise<void> {
    const client = await this.ground.installation.client();
    for (;;) {
      const found = (await client('operation.get', { parameters: { operation } })).operation;
      const step = found.steps.find((each) => each.label === label);
      if (found.endedAt !== null || (step !== undefined && step.status !== 'pending')) return;
      await setTimeout(5);
    }
  }

  /** What must be the case after something was done. */
  async #proveSound(action: SiteAction): Promise<void> {
    if (action === 'destroy') return assert.deepEqual(await this.ground.leftovers(), []);
    const { status } = await this.ground.installation.playground(this.#id);
    assert.equal(status, action === 'stop' ? 'stopped' : 'running', action);
    if (action === 'stop') return;
    assert.deepEqual(await this.ground.visit(url), { status: 200, body: `${this.#version}\n` }, action);
    const containers = await this.ground.docker('ps', '--all', '--format', '{{.Names}}');
    assert.equal(containers.split('\n').filter(Boolean).length, 2, `${action}: ${containers}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ground[Symbol.asyncDispose]();
  }
}
