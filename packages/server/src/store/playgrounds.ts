import { type Manifest, manifestSchema } from '@playhouse/contract/manifest/manifest';
import { projectName } from '@playhouse/contract/identifier';
import type { PlaygroundOrder } from '@playhouse/contract/link/command';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
import type { Machine } from '@playhouse/contract/machine';
import type { Playground } from '@playhouse/contract/playground';
import {
  type PlaygroundStatus,
  holdsResources,
  playgroundStatuses,
} from '@playhouse/contract/playground-status';
import { jobResult } from '@playhouse/contract/service';
import type { Selectable } from 'kysely';
import type { Database, PlaygroundTable } from './schema.ts';
import { labels, sealJson, unsealJson } from './sealed.ts';

/**
 * What a playground of Compose services is made from, build arguments with it. Values of variables are not here: only the engine
 * keeps them.
 */
export type StoredStack = Pick<ServicesOrder, 'compose' | 'services' | 'domain' | 'policy'> & {
  /** Of one that an earlier version made there are none. */
  readonly profiles?: ServicesOrder['profiles'];
  /** Addresses that it has, one for each route: no two playgrounds share one. */
  /** Of one whose volumes outlive it: the id of the playspec that they belong to. */
  readonly persistentId?: string;
  readonly addresses: readonly { readonly service: string; readonly host: string; readonly rule: string }[];
  /** While a rollout is under way: what it goes back to when that fails. */
  readonly before?: Pick<StoredPlayground, 'playspec'> & {
    readonly stack: Pick<StoredStack, 'compose' | 'services' | 'addresses'>;
  };
};

/** A playground with what the API does not show. */
export interface StoredPlayground extends Omit<Playground, 'result'> {
  /** Without machines when it is made of services. */
  readonly manifest: Manifest;
  /** Null when it is made of machines. */
  readonly stack: StoredStack | null;
  readonly authorizedKeys: readonly string[];
  /** Id of the owner, who is called `owner` now; null when there is no such user. */
  readonly ownerId: string | null;
  /** The snapshot of another playground that its start begins with; null for a cold start. */
  readonly from: PlaygroundOrder['from'];
  /** Machine memory that it is counted with while it holds resources. */
  readonly ramBytes: number;
  /** Revision of the engine's last report on it; 0 before the first. */
  readonly revision: number;
  /** True while it is hidden and waits for a start to make it somebody’s. */
  readonly spare: boolean;
}

/** What is taken on the playroom: playgrounds that hold resources, and the memory of their machines. */
export interface Occupancy {
  readonly playgrounds: number;
  readonly ramBytes: number;
}

/** Those whose lifetime ends. */
const expiring: readonly PlaygroundStatus[] = playgroundStatuses.filter(
  (status) => holdsResources(status) || status === 'completed',
);
const holding: readonly PlaygroundStatus[] = playgroundStatuses.filter(holdsResources);

/** Adds a new playground. */
export async function addPlayground(database: Database, playground: StoredPlayground): Promise<void> {
  await database
    .insertInto('playgrounds')
    .values({
      id: playground.id,
      number: playground.number,
      forked_from: playground.forkedFrom === null ? null : JSON.stringify(playground.forkedFrom),
      ...ofWhoeverHasIt(playground),
      ...changing(database, playground),
    })
    .execute();
}

/** Saves what can change of a playground. */
export async function savePlayground(database: Database, playground: StoredPlayground): Promise<void> {
  await database
    .updateTable('playgrounds')
    .set(changing(database, playground))
    .where('id', '=', playground.id)
    .execute();
}

/** Saves one that becomes somebody’s: also what stays as it is once it is. */
export async function handOver(database: Database, playground: StoredPlayground): Promise<void> {
  await database
    .updateTable('playgrounds')
    .set({ ...ofWhoeverHasIt(playground), ...changing(database, playground) })
    .where('id', '=', playground.id)
    .execute();
}

/** Finds a playground by its id, its number, or its name `pg-{number}-{slug}`. */
export async function findPlayground(
  database: Database,
  reference: string,
): Promise<StoredPlayground | null> {
  const query = selectPlaygrounds(database);
  if (/^[0-9a-f]{24}$/.test(reference)) {
    const row = await query.where('playgrounds.id', '=', reference).executeTakeFirst();
    return row === undefined ? null : toPlayground(database, row);
  }
  const [, number, slug] = /^(?:pg-)?([0-9]{1,9})(?:-(.+))?$/.exec(reference) ?? [];
  if (number === undefined || reference.startsWith('pg-') !== (slug !== undefined)) return null;
  const row = await query.where('number', '=', Number(number)).executeTakeFirst();
  return row === undefined || (slug !== undefined && row.slug !== slug) ? null : toPlayground(database, row);
}

export interface PlaygroundFilter {
  /** Also those that were destroyed. */
  readonly all: boolean;
  /** Those of this user only. */
  readonly owner?: string | undefined;
  /** False leaves out those that the server runs for itself. Default: true, for they use what others use. */
  readonly hidden?: boolean;
}

/** Playgrounds, newest first. */
export async function listPlaygrounds(
  database: Database,
  { all, owner, hidden = true }: PlaygroundFilter,
): Promise<readonly StoredPlayground[]> {
  let query = selectPlaygrounds(database).orderBy('number', 'desc');
  if (!all) query = query.where('status', '!=', 'destroyed' satisfies PlaygroundStatus);
  if (!hidden) query = query.where('hidden', '=', 0);
  if (owner !== undefined) query = query.where('owner', '=', owner);
  return (await query.execute()).map((row) => toPlayground(database, row));
}

/** Playgrounds that hold resources and whose lifetime ends some day, the next first. */
export async function listExpiring(database: Database): Promise<readonly StoredPlayground[]> {
  const rows = await selectPlaygrounds(database)
    .where('status', 'in', expiring)
    .where('expires_at', 'is not', null)
    .orderBy('expires_at')
    .execute();
  return rows.map((row) => toPlayground(database, row));
}

/** Playgrounds of Compose services that are not destroyed. */
export async function listServicePlaygrounds(database: Database): Promise<readonly StoredPlayground[]> {
  const rows = await selectPlaygrounds(database)
    .where('stack', 'is not', null)
    .where('status', '!=', 'destroyed' satisfies PlaygroundStatus)
    .execute();
  return rows.map((row) => toPlayground(database, row));
}

/**
 * What is taken, apart from the playground `except`. Those that are spare make room for whoever needs it, so they count only where
 * that is said: all of them, or those that stay.
 */
export async function readOccupancy(
  database: Database,
  except: string | null = null,
  spares: 'none' | 'staying' | 'all' = 'none',
): Promise<Occupancy> {
  let query = database
    .selectFrom('playgrounds')
    .select(({ fn }) => [fn.countAll().as('playgrounds'), fn.sum('ram_bytes').as('ram')])
    .where('status', 'in', holding)
    .where('id', '!=', except ?? '');
  if (spares === 'none') query = query.where('spare', '=', 0);
  if (spares === 'staying')
    query = query.where(({ or, eb }) =>
      or([eb('spare', '=', 0), eb('status', '!=', 'destroying' satisfies PlaygroundStatus)]),
    );
  const row = await query.executeTakeFirstOrThrow();
  return { playgrounds: Number(row.playgrounds), ramBytes: Number(row.ram ?? 0) };
}

/** The playground as the API shows it. */
export function toPublicPlayground(playground: StoredPlayground): Playground {
  const { manifest: _m, stack: _s, authorizedKeys: _k, ownerId: _o, from: _f, ...rest } = playground;
  const { ramBytes: _r, revision: _v, spare: _w, ...shown } = rest;
  // What is kept of its memory is the playroom’s; that it matters only while it is stopped is said here.
  const result = shown.status === 'completed' ? jobResult(shown.services) : null;
  return { ...shown, result, suspended: shown.suspended && shown.status === 'stopped' };
}

/** Playgrounds, each with the id of who is called as its owner is. */
function selectPlaygrounds(database: Database) {
  return database
    .selectFrom('playgrounds')
    .leftJoin('users', 'users.name', 'playgrounds.owner')
    .selectAll('playgrounds')
    .select('users.id as owner_id');
}

type Row = Selectable<PlaygroundTable> & { readonly owner_id: string | null };

function ofWhoeverHasIt(playground: StoredPlayground) {
  return {
    slug: playground.slug,
    title: playground.title,
    owner: playground.owner,
    manifest: JSON.stringify(playground.manifest),
    authorized_keys: JSON.stringify(playground.authorizedKeys),
    conditions: JSON.stringify(playground.conditions),
    begins_from: playground.from === null ? null : JSON.stringify(playground.from),
    hidden: playground.hidden ? 1 : 0,
    spare: playground.spare ? 1 : 0,
    created_at: playground.createdAt,
  };
}

function changing(database: Database, playground: StoredPlayground) {
  return {
    status: playground.status,
    machines: JSON.stringify(playground.machines),
    tasks: JSON.stringify(playground.tasks),
    services: JSON.stringify(playground.services),
    stack:
      playground.stack === null ? null : sealJson(database, playground.stack, labels.stack(playground.id)),
    playspec_name: playground.playspec.name,
    playspec_version: playground.playspec.version,
    error: playground.error === null ? null : JSON.stringify(playground.error),
    ram_bytes: playground.ramBytes,
    lifetime_seconds: playground.lifetimeSeconds,
    expires_at: playground.expiresAt,
    on_expiry: playground.onExpiry,
    revision: playground.revision,
    operation_id: playground.operationId,
    suspended: playground.suspended ? 1 : 0,
    snapshot_id: playground.snapshotId,
    updated_at: playground.updatedAt,
  };
}

/** What an earlier server did not store of a machine. */
const laterFields: Pick<Machine, 'machineType' | 'drives' | 'identity'> = {
  machineType: 'microvm',
  drives: [],
  identity: null,
};

function toPlayground(database: Database, row: Row): StoredPlayground {
  return {
    id: row.id,
    number: row.number,
    slug: row.slug,
    name: projectName(row),
    title: row.title,
    playspec: { name: row.playspec_name, version: row.playspec_version },
    owner: row.owner,
    ownerId: row.owner_id,
    status: row.status as PlaygroundStatus,
    machines: (JSON.parse(row.machines) as Playground['machines']).map((machine) => ({
      ...laterFields,
      ...machine,
    })),
    kind: row.stack === null ? 'machines' : 'compose',
    stack: row.stack === null ? null : (unsealJson(database, row.stack, labels.stack(row.id)) as StoredStack),
    services: JSON.parse(row.services) as Playground['services'],
    tasks: JSON.parse(row.tasks) as Playground['tasks'],
    conditions: JSON.parse(row.conditions) as Playground['conditions'],
    error: row.error === null ? null : (JSON.parse(row.error) as Playground['error']),
    lifetimeSeconds: row.lifetime_seconds,
    expiresAt: row.expires_at,
    onExpiry: row.on_expiry as Playground['onExpiry'],
    operationId: row.operation_id,
    suspended: row.suspended === 1,
    snapshotId: row.snapshot_id,
    forkedFrom: row.forked_from === null ? null : (JSON.parse(row.forked_from) as Playground['forkedFrom']),
    hidden: row.hidden === 1,
    spare: row.spare === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    manifest: manifestSchema.parse(JSON.parse(row.manifest)),
    authorizedKeys: JSON.parse(row.authorized_keys) as string[],
    from: row.begins_from === null ? null : (JSON.parse(row.begins_from) as StoredPlayground['from']),
    ramBytes: Number(row.ram_bytes),
    revision: row.revision,
  };
}
