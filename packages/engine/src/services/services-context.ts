import { compileCompose } from '@playhouse/contract/compose/compile-compose';
import { chosenServices } from '@playhouse/contract/compose/plan/chosen-services';
import type { ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { formatProblem } from '@playhouse/contract/errors/problem';
import type { SecretBox } from '@playhouse/contract/secret-box';
import type { GitTools } from '../credentials/git-access.ts';
import type { Ingress } from '../ingress/ingress.ts';
import type { StepVoice } from '../operations/step.ts';
import type { SnapshotTools } from '../snapshots/snapshot-tools.ts';
import type { ImagesInMaking } from './clean/images-in-making.ts';
import type { ContainerState } from './docker/docker-api.ts';
import type { Docker } from './docker/docker.ts';
import type { HealthWatch } from './health/health-watch.ts';
import type { ServicesRecord, ServicesRecords } from './services-record.ts';
import type { ServicesVersion } from './services-version.ts';
import { newHex, openSecrets } from './services-secrets.ts';
import type { LastingValues } from './volumes/lasting-values.ts';
import type { StandStill } from './volumes/stand-still.ts';

/** What the steps of all playgrounds of services share. */
export interface ServicesTools extends SnapshotTools, GitTools {
  readonly records: ServicesRecords;
  readonly ingress: Ingress;
  readonly box: SecretBox;
  readonly lasting: LastingValues;
  /** The installation’s id: everything that is made in Docker says that it is this one’s. */
  readonly installation: string;
  /** What opens registries for everybody, by registry. */
  readonly logins: () => Promise<
    ReadonlyMap<string, { readonly username: string; readonly password: string }>
  >;
  readonly making: ImagesInMaking;
  /** Folders of this host whose repositories playgrounds may clone. */
  readonly repositoryFolders: readonly string[];
  /** A Docker that answers, with its client; fetched and started where it is missing. */
  docker(voice: StepVoice): Promise<Docker>;
  /** The same, if it is there already. */
  dockerIfThere(): Promise<Docker | null>;
}

/** What the steps of one operation share. */
export interface ServicesContext {
  readonly tools: ServicesTools;
  readonly id: string;
  /** True while the steps bring about a next version of the playground, beside the one that runs. */
  readonly rollout: boolean;
  /** True when the version that they bring about is to be the same: nothing is taken up that is new. */
  readonly healing?: boolean;
  /** The containers of each playground when they were last looked at. */
  readonly seen: Map<string, readonly ContainerState[]>;
  readonly health: HealthWatch;
  readonly standStill: StandStill;
  /** Tells the server what the playground is now. */
  readonly changed: () => void;
}

/** Which playground is meant, and which version of it. */
export type ServicesSubject = Pick<ServicesContext, 'tools' | 'id' | 'rollout'>;

/** The playground as the steps are to have it: in a rollout, the version that is not there yet. */
export function recordOf({ tools, id, rollout }: ServicesSubject): ServicesRecord {
  const record = tools.records.find(id);
  if (record === null) throw new PlayhouseError('playground-unknown', { reference: id });
  return rollout && record.next !== null ? { ...record, ...record.next.version } : record;
}

/** Changes what `recordOf` gives. */
export async function changeRecord(
  { tools, id, rollout }: ServicesContext,
  change: Partial<ServicesVersion>,
): Promise<void> {
  const next = tools.records.find(id)?.next ?? null;
  if (!rollout || next === null) return await tools.records.change(id, change);
  await tools.records.change(id, { next: { ...next, version: { ...next.version, ...change } } });
}

/** Where the file with its templates filled in lies: as deep in its folder as in the repository that it is from. */
export function compiledFileOf(subject: ServicesSubject): string {
  const { origin } = recordOf(subject).order.compose;
  return `${subject.tools.records.files(subject.id).beside}/${origin?.path ?? 'compose.yaml'}`;
}

/** The final Compose file of that version. */
export function composeFileOf({ tools, id, rollout }: ServicesContext): string {
  const { compose, nextCompose } = tools.records.files(id);
  return rollout && tools.records.find(id)?.next !== null ? nextCompose : compose;
}

/** What all of a playground carries in Docker, with its id. */
export const playgroundLabel = 'playhouse.playground';

export function ownerLabels({ installation }: Pick<ServicesTools, 'installation'>, id: string) {
  return { 'playhouse.installation': installation, [playgroundLabel]: id } as const;
}

export function ownerLabel(id: string): string {
  return `${playgroundLabel}=${id}`;
}

type Compiled = Exclude<ReturnType<typeof compileCompose>, { compiled?: undefined }>;

/** Looked at every two seconds: what was compiled of an order, with the secrets that went into it. */
const known = new WeakMap<
  ServicesRecord['order'],
  { readonly secrets: string; readonly compiled: Compiled }
>();

/**
 * The playground’s Compose file with its templates filled in.
 * @throws PlayhouseError compose-refused: the server has checked it, but for this playroom’s policy and domain
 */
export function compiledOf(tools: Pick<ServicesTools, 'box'>, record: ServicesRecord): Compiled {
  const before = known.get(record.order);
  if (before?.secrets === record.secrets) return before.compiled;
  const compiled = compile(tools, record);
  known.set(record.order, { secrets: record.secrets, compiled });
  return compiled;
}

function compile(tools: Pick<ServicesTools, 'box'>, record: ServicesRecord): Compiled {
  const { compose, domain, policy } = record.order;
  const { given, templates: kept } = openSecrets(tools, record);
  const values = { given, kept, newHex };
  const compiled = compileCompose(compose.text, {
    file: compose.file,
    origin: compose.origin,
    policy,
    rootDomain: domain,
    ...values,
  });
  if (compiled.problems === undefined)
    return { ...compiled, plan: chosenServices(compiled.plan, record.order.profiles) };
  const detail = compiled.problems.map(formatProblem).join('\n');
  throw new PlayhouseError('compose-refused', { detail });
}

/**
 * A file that this version refuses, or whose values cannot be opened any more, has no services; why is said when it is started. It can
 * be destroyed all the same, and keeps no engine from beginning.
 */
export function planOf(tools: Pick<ServicesTools, 'box'>, record: ServicesRecord): ServicePlan {
  try {
    return compiledOf(tools, record).plan;
  } catch {
    return { services: [], jobMode: false };
  }
}
