// One reading of a playground’s log, piece by piece: what was said, and with `follow` what is said then.
import { setTimeout } from 'node:timers/promises';
import { projectName } from '@playhouse/contract/identifier';
import {
  atOf,
  type LogChunk,
  type LogSource,
  type LogWish,
  readSince,
} from '@playhouse/contract/service-log';
import type { DockerApi } from '../docker/docker-api.ts';
import { maskOf } from '../secrets/playground-secrets.ts';
import { ownerLabel, type ServicesTools } from '../services-context.ts';
import { followContainers, type Reading } from './follow-containers.ts';
import type { KeptLogs } from './kept-logs.ts';
import { LineQueue } from './line-queue.ts';
import { readHistory } from './log-history.ts';
import { Positions } from './positions.ts';
import { showLine } from './said-line.ts';

const chunkCharacters = 128 * 1024;
/** Between two tries to find a Docker. */
const retryMs = 1000;
/** In these no container will say anything more by itself. */
const ended: ReadonlySet<string> = new Set(['stopped', 'error', 'completed']);

export interface LogStreamTools extends Pick<ServicesTools, 'records' | 'box' | 'dockerIfThere'> {
  readonly kept: KeptLogs;
}

export interface LogRequest extends LogWish {
  readonly playgroundId: string;
  /** Cursor of an earlier reading that this one goes on with. */
  readonly after: string | null;
}

export class LogStream {
  readonly #tools: LogStreamTools;
  readonly #request: LogRequest;
  readonly #queue = new LineQueue();
  readonly #end = new AbortController();
  readonly #tail: number | null;
  /** As far as lines were taken. */
  readonly #taken: Positions;

  constructor(tools: LogStreamTools, request: LogRequest, now: () => number = Date.now) {
    this.#tools = tools;
    this.#request = request;
    const after = request.after === null ? null : Positions.parse(request.after);
    this.#tail = after === null ? request.tail : null;
    // Without a line of before, what follows begins now.
    const nothingBefore = this.#tail === 0 && request.since === null ? atOf(now()) : null;
    const since = request.since === null ? nothingBefore : readSince(request.since, now());
    this.#taken = after ?? new Positions(since);
  }

  /** Begins; says where lines come from. */
  async open(): Promise<LogSource> {
    const docker = await this.#tools.dockerIfThere();
    const produced = this.#produce(docker?.api ?? null);
    produced.then(
      () => this.#queue.end(),
      (error: unknown) => this.#queue.end(error instanceof Error ? error : new Error(String(error))),
    );
    return docker === null ? 'cached' : 'live';
  }

  /** The next lines: waits at most so long for the first. */
  async read(waitMs: number): Promise<LogChunk> {
    const said = await this.#queue.take(chunkCharacters, waitMs);
    const mask = maskOf(this.#tools, this.#request.playgroundId);
    for (const { id, at } of said) this.#taken.advance(id, at);
    const lines = said.map((line) => showLine(line, this.#request.raw, mask));
    return { lines, cursor: this.#taken.cursor, ended: this.#queue.over };
  }

  close(): void {
    this.#end.abort();
    this.#queue.end();
  }

  async #produce(docker: DockerApi | null): Promise<void> {
    const { records, kept } = this.#tools;
    const { playgroundId: id, services, follow } = this.#request;
    const { signal } = this.#end;
    const wants = (service: string) => services.length === 0 || services.includes(service);
    const positions = this.#taken.copy();
    const readingOf = (api: DockerApi): Reading | null => {
      const record = records.find(id);
      const mask = () => maskOf(this.#tools, id);
      const project = record === null ? '' : projectName(record.order);
      return record && { api, label: ownerLabel(id), project, wants, positions, mask, signal };
    };
    const reading = docker === null ? null : readingOf(docker);
    const history = { reading, kept: await kept.read(id), wants, positions, tail: this.#tail };
    let first = true;
    for await (const line of readHistory(history)) {
      // Whoever goes on later with a cursor gets nothing of what was left out before.
      if (first && this.#tail !== null) this.#taken.raise(line.at);
      first = false;
      await this.#queue.put(line);
      if (signal.aborted) return;
    }
    const isOver = () => ended.has(records.find(id)?.state ?? 'stopped');
    let api = docker;
    if (!follow) return;
    while (!signal.aborted && records.find(id) !== null) {
      const live = api === null ? null : readingOf(api);
      if (live !== null) await followContainers(live, isOver, async (line) => await this.#queue.put(line));
      if (isOver()) return;
      await setTimeout(retryMs, undefined, { signal }).catch(() => {});
      api = (await this.#tools.dockerIfThere())?.api ?? null;
    }
  }
}
