// Reads the logs of all containers of a playground as they come, go, end and are started again. Docker’s events say when to look.
import { logLineBytes } from '@playhouse/contract/service-log';
import { Bell } from '../../system/bell.ts';
import type { DockerApi } from '../docker/docker-api.ts';
import { type ContainerDetails, containerDetails } from '../docker/container-details.ts';
import type { SecretMask } from '../secrets/secret-mask.ts';
import type { Positions } from './positions.ts';
import { readContainerLog } from './read-container-log.ts';
import { type SaidLine, sayLine } from './said-line.ts';

/** Between two looks at whether there is still something to wait for. */
const lookMs = 1000;

export interface Reading {
  readonly api: DockerApi;
  /** That all containers of the playground carry. */
  readonly label: string;
  /** Compose project: their names begin with it. */
  readonly project: string;
  readonly wants: (service: string) => boolean;
  /** What was read before; it is told of every line that is given. */
  readonly positions: Positions;
  readonly mask: () => SecretMask;
  readonly signal: AbortSignal;
}

/** Who speaks from a container. */
export function speakerOf({ id, service, name }: ContainerDetails, project: string) {
  return { id, service, container: name.startsWith(`${project}-`) ? name.slice(project.length + 1) : name };
}

/** The lines of one container that were not read yet, oldest first; `follow` goes on until it ends. */
export async function* readNew(
  { api, project, positions, mask, signal }: Reading,
  container: ContainerDetails,
  { tail, follow }: { readonly tail: number | null; readonly follow: boolean },
): AsyncGenerator<SaidLine, void> {
  const speaker = speakerOf(container, project);
  const isNew = positions.newOf(container.id);
  const keepBytes = logLineBytes + mask().longest;
  const options = { tail, since: positions.beginOf(container.id), follow, keepBytes, signal };
  for await (const line of readContainerLog(api, container, options))
    if (isNew(line.at)) yield sayLine(speaker, line, mask());
}

/**
 * Gives all lines that were not read yet and all that follow, those of each container in their order. Ends when `isOver` says so
 * while nothing runs, or Docker is gone.
 */
export async function followContainers(
  reading: Reading,
  isOver: () => boolean,
  emit: (line: SaidLine) => Promise<void>,
): Promise<void> {
  const { api, label, wants, positions, signal } = reading;
  const end = new AbortController();
  const both = AbortSignal.any([signal, end.signal]);
  const filters = { type: ['container'], label: [label], event: ['start', 'die', 'destroy'] };
  // Before the first look: what begins after it is heard.
  const events = await api.listen(`/events?filters=${encodeURIComponent(JSON.stringify(filters))}`, both);
  if (events === null) return;
  const bell = new Bell();
  const reads = new Map<string, Promise<void>>();
  /** In which run of a container its log was read to the end. */
  const read = new Map<string, string>();
  const failures: unknown[] = [];
  let due = true;
  const wake = () => {
    due = true;
    bell.ring();
  };
  events.on('data', wake).on('close', wake).on('error', wake);
  signal.addEventListener('abort', wake);
  const follow = async (container: ContainerDetails) => {
    try {
      for await (const line of readNew({ ...reading, signal: both }, container, {
        tail: null,
        follow: true,
      })) {
        positions.advance(line.id, line.at);
        await emit(line);
      }
      read.set(container.id, runOf(container));
    } catch (error) {
      if (!both.aborted) failures.push(error);
    }
    reads.delete(container.id);
    // It is looked at once more: it may have been started again, or have ended after it was looked at.
    wake();
  };
  try {
    while (!both.aborted && failures.length === 0 && !events.destroyed) {
      const look = due;
      due = false;
      for (const container of look ? await containerDetails(api, label) : [])
        if (
          wants(container.service) &&
          !reads.has(container.id) &&
          read.get(container.id) !== runOf(container)
        )
          reads.set(container.id, follow(container));
      if (due) continue;
      await bell.wait(lookMs);
      if (!due && reads.size === 0 && isOver()) return;
    }
  } finally {
    signal.removeEventListener('abort', wake);
    end.abort();
    events.destroy();
    await Promise.all(reads.values());
  }
  if (failures.length > 0 && !signal.aborted) throw failures[0];
}

function runOf({ startedAt, finishedAt }: ContainerDetails): string {
  return `${startedAt} ${finishedAt}`;
}
