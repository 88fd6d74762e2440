// Keeps the last part of logs before it is lost: when containers have ended, and while an operation may remove or replace them.
import { projectName } from '@playhouse/contract/identifier';
import type { DockerApi } from '../docker/docker-api.ts';
import { containerDetails } from '../docker/container-details.ts';
import { maskOf } from '../secrets/playground-secrets.ts';
import { ownerLabel, type ServicesTools } from '../services-context.ts';
import { followContainers, type Reading, readNew } from './follow-containers.ts';
import type { KeptLogs } from './kept-logs.ts';
import { LatestLines } from './latest-lines.ts';
import { longestTail } from '@playhouse/contract/service-log';
import { Positions } from './positions.ts';
import type { SaidLine } from './said-line.ts';

export interface LogKeeperTools extends Pick<ServicesTools, 'records' | 'box' | 'dockerIfThere'> {
  readonly kept: KeptLogs;
  /** Logs are worth having, not worth failing for: trouble is only told. */
  readonly warn: (playground: string, error: unknown) => void;
}

export class LogKeeper {
  readonly #tools: LogKeeperTools;
  /** Containers that had ended when their logs were kept, by playground. */
  readonly #ended = new Map<string, ReadonlySet<string>>();

  constructor(tools: LogKeeperTools) {
    this.#tools = tools;
  }

  /**
   * Does what may remove or replace containers. What they said before is kept first, so that it is there whatever happens; what they
   * say until they are gone, and what comes and goes meanwhile, after it.
   */
  async during(id: string, work: () => Promise<void>): Promise<void> {
    const end = new AbortController();
    const following = this.#follow(id, end.signal).catch((error: unknown) => this.#tools.warn(id, error));
    try {
      // The work waits for the first part only.
      await (
        await following
      )?.begun;
      await work();
    } finally {
      end.abort();
      await (
        await following
      )?.done;
      await this.keepEnded(id);
    }
  }

  /** Keeps the logs of containers that do not run. */
  async keepEnded(id: string): Promise<void> {
    await this.#quietly(id, async () => {
      const api = (await this.#tools.dockerIfThere())?.api;
      if (api === undefined) return;
      const reading = this.#readingOf(id, api, AbortSignal.timeout(30_000));
      await this.#keep(id, reading, ({ running, status }) => !running && status !== 'created');
    });
  }

  /** Tells of the containers that were seen: the logs of those that have ended since are kept. */
  async noticed(
    id: string,
    containers: readonly { readonly id: string; readonly exitCode: number | null }[],
  ): Promise<void> {
    const ended = new Set(containers.flatMap((each) => (each.exitCode === null ? [] : [each.id])));
    const before = this.#ended.get(id);
    this.#ended.set(id, ended);
    if ([...ended].some((each) => before?.has(each) !== true)) await this.keepEnded(id);
  }

  /** Before its files are removed: nothing of it is kept from now on. */
  async end(id: string): Promise<void> {
    this.#ended.delete(id);
    await this.#tools.kept.end(id);
  }

  async #follow(id: string, signal: AbortSignal) {
    const api = (await this.#tools.dockerIfThere())?.api;
    if (api === undefined || this.#tools.records.find(id) === null) return null;
    const reading = this.#readingOf(id, api, signal);
    const latest = new Map<string, LatestLines<SaidLine>>();
    const add = async (line: SaidLine) => {
      const own = latest.get(line.service) ?? new LatestLines<SaidLine>();
      own.add(line);
      latest.set(line.service, own);
    };
    const begun = this.#quietly(id, async () => await this.#keep(id, reading, () => true));
    const done = this.#quietly(id, async () => {
      await begun;
      await followContainers(reading, () => false, add);
      // Those that are still there have their logs.
      const left = new Set(await api.containerIds(ownerLabel(id)).catch(() => []));
      const lines = [...latest.values()].flatMap((own) => own.lines);
      await this.#tools.kept.keep(
        id,
        lines.filter((line) => !left.has(line.id)),
      );
    });
    return { begun, done };
  }

  /** Keeps the end of the logs of some containers, and notes how far they were read. */
  async #keep(
    id: string,
    reading: Reading,
    which: (container: { readonly running: boolean; readonly status: string }) => boolean,
  ): Promise<void> {
    const containers = (await containerDetails(reading.api, reading.label)).filter(which);
    const ends = await Promise.all(
      containers.map(async (container) => {
        const latest = new LatestLines<SaidLine>();
        for await (const line of readNew(reading, container, { tail: longestTail, follow: false }))
          latest.add(line);
        for (const { at } of latest.lines) reading.positions.advance(container.id, at);
        return latest.lines;
      }),
    );
    await this.#tools.kept.keep(id, ends.flat());
  }

  #readingOf(id: string, api: DockerApi, signal: AbortSignal): Reading {
    const record = this.#tools.records.find(id);
    return {
      ...{ api, label: ownerLabel(id), wants: () => true, signal },
      project: record === null ? '' : projectName(record.order),
      positions: new Positions(null),
      mask: () => maskOf(this.#tools, id),
    };
  }

  async #quietly(id: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.#tools.warn(id, error));
  }
}
