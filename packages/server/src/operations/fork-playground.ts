import type { ExpiryAction } from '@playhouse/contract/lifetime';
import type { Operation } from '@playhouse/contract/operation';
import type { Playground } from '@playhouse/contract/playground';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { checkCapacity } from '../placement/check-capacity.ts';
import { checkServicesRoom } from '../placement/check-services-room.ts';
import { type StoredPlayground, toPublicPlayground } from '../store/playgrounds.ts';
import { getPlayground, requireEngine } from './accepted.ts';
import type { PlaygroundWork } from './accept-on-playground.ts';
import { createPlayground, type NewPlayground, type Owner, ownedBy } from './create-playground.ts';
import { acceptCut, hasMemory, requireCuttable } from './cut-playground.ts';
import { draftServicesFork, requireNoRollout } from './fork-services.ts';
import { requireNoJob } from './job-mode.ts';
import { chooseLifetime, inheritLifetime } from './lifetime-rules.ts';
import { planMachines } from './plan-machines.ts';
import { slugify } from './slug.ts';
import { checkServices } from './start-services.ts';

export interface ForkRequest {
  readonly count: number;
  readonly title?: string | undefined;
  readonly authorizedKeys: readonly string[];
  readonly lifetimeSeconds?: number | null | undefined;
  readonly onExpiry?: ExpiryAction | undefined;
}

export interface AcceptedFork {
  /** The cut of the source. */
  readonly operation: Operation;
  readonly playgrounds: Playground[];
  /** The start of each. */
  readonly operations: Operation[];
}

/**
 * Makes playgrounds of `owner` that begin where another one is, all from one cut of it. The source goes on as it is; the
 * engine has each start wait for the cut, and fails it when the cut failed. All of them are accepted, or none.
 * @throws PlayhouseError engine-down, playground-unknown, playground-state, job-fixed, rollout-under-way, lifetime-too-long,
 * memory-budget, playground-limit, services-limit
 */
export async function forkPlayground(
  plane: ControlPlane,
  reference: string,
  request: ForkRequest,
  owner: Owner,
): Promise<AcceptedFork> {
  const { id } = await getPlayground(plane.store.database, reference);
  requireEngine(plane);
  const { source, cut, forks } = await plane.store.transaction(async (transaction) => {
    const source = await getPlayground(transaction, id);
    requireCuttable(source, 'forked');
    requireNoJob(source, 'forked');
    await requireNoRollout(transaction, source);
    const { count } = request;
    const { playgroundLimit } = plane;
    const ramBytes = source.ramBytes * count;
    if (source.stack === null)
      await checkCapacity(transaction, { ramBytes, playgroundId: null, playgroundLimit, count });
    else await checkServicesRoom(transaction, plane, { owner: owner.name, count });
    const memory = source.stack === null && hasMemory(source);
    const cut = await acceptCut(plane, transaction, source, { origin: 'fork', memory, savedAs: null });
    const forks: PlaygroundWork[] = [];
    for (let index = 1; index <= count; index += 1) {
      const draft = draftFork(plane, source, request, index);
      const own =
        source.stack === null ? null : await draftServicesFork(transaction, source, draft.slug, owner.name);
      if (own !== null) await checkServices(transaction, own.stack, owner.name);
      forks.push(
        await createPlayground(plane, transaction, {
          ...{ ...draft, ...own },
          ...ownedBy(owner),
          from: { snapshotId: cut.id, memory: memory ? 'need' : 'leave' },
          forkedFrom: { playgroundId: source.id, playgroundName: source.name, snapshotId: cut.id },
        }),
      );
    }
    return { source, cut, forks };
  });
  crashPoint('fork-committed');
  plane.feed.publish(
    { kind: 'operation', operation: cut },
    { kind: 'playground', playground: toPublicPlayground(source) },
    ...forks.flatMap(({ playground, operation }) => [
      { kind: 'operation', operation } as const,
      { kind: 'playground', playground: toPublicPlayground(playground) } as const,
    ]),
  );
  plane.engine.nudge();
  return {
    operation: cut,
    playgrounds: forks.map(({ playground }) => toPublicPlayground(playground)),
    operations: forks.map(({ operation }) => operation),
  };
}

function draftFork(
  { lifetimes }: ControlPlane,
  source: StoredPlayground,
  request: ForkRequest,
  index: number,
): Omit<NewPlayground, 'owner' | 'ownerId'> {
  const { playspec, manifest, conditions, tasks, ramBytes } = source;
  const { lifetimeSeconds, onExpiry = source.onExpiry } = request;
  const title = request.title ?? source.title;
  const numbered = request.title !== undefined && request.count > 1 ? `${title} ${index}` : title;
  return {
    ...{ playspec, manifest, conditions, tasks, ramBytes, onExpiry },
    title: numbered,
    slug: request.title === undefined ? source.slug : slugify(numbered, playspec.name),
    machines: planMachines(manifest),
    lifetimeSeconds:
      lifetimeSeconds === undefined
        ? inheritLifetime(lifetimes, source.lifetimeSeconds)
        : chooseLifetime(lifetimes, lifetimeSeconds),
    authorizedKeys:
      source.stack === null ? [...new Set([...source.authorizedKeys, ...request.authorizedKeys])] : [],
  };
}
