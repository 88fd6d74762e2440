import { randomBytes } from 'node:crypto';
import { compileCompose } from '@playhouse/contract/compose/compile-compose';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { z } from 'zod';
import type { Ingress } from '../ingress/ingress.ts';
import type { StepVoice } from '../operations/step.ts';
import type { SecretBox } from '../system/secret-box.ts';
import type { ContainerState } from './docker/docker-api.ts';
import type { Docker } from './docker/docker.ts';
import type { ServicesRecord, ServicesRecords } from './services-record.ts';

/** What the steps of all playgrounds of services share. */
export interface ServicesTools {
  readonly records: ServicesRecords;
  readonly ingress: Ingress;
  readonly box: SecretBox;
  /** The installation’s id: everything that is made in Docker says that it is this one’s. */
  readonly installation: string;
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
  /** The containers of each playground when they were last looked at. */
  readonly seen: Map<string, readonly ContainerState[]>;
  /** Tells the server what the playground is now. */
  readonly changed: () => void;
}

export function recordOf({ tools, id }: ServicesContext): ServicesRecord {
  const record = tools.records.find(id);
  if (record === null) throw new PlayhouseError('playground-unknown', { reference: id });
  return record;
}

/** The label that all of a playground carries. */
export function ownerLabels({ installation }: Pick<ServicesTools, 'installation'>, id: string) {
  return { 'playhouse.installation': installation, 'playhouse.playground': id } as const;
}

export function ownerLabel(id: string): string {
  return `playhouse.playground=${id}`;
}

const secretsSchema = z.object({
  password: z.string(),
  /** Values that were given for the file’s variables, by name. */
  given: z.record(z.string(), z.string()),
  /** What was generated for templates, and for service variables, by name. */
  templates: z.record(z.string(), z.string()),
  variables: z.record(z.string(), z.string()),
});

export type Secrets = z.infer<typeof secretsSchema>;

export function openSecrets(
  { box }: Pick<ServicesTools, 'box'>,
  { order, secrets }: ServicesRecord,
): Secrets {
  return secretsSchema.parse(JSON.parse(box.unseal(secrets, `services ${order.id}`)));
}

export function sealSecrets({ box }: Pick<ServicesTools, 'box'>, id: string, secrets: Secrets): string {
  return box.seal(JSON.stringify(secrets), `services ${id}`);
}

export function newHex(digits: number): string {
  return randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits);
}

type Compiled = Exclude<ReturnType<typeof compileCompose>, { compiled?: undefined }>;

/** Looked at every two seconds; a record that changes is another object. */
const known = new WeakMap<ServicesRecord, Compiled>();

/**
 * The playground’s Compose file with its templates filled in.
 * @throws PlayhouseError compose-refused: the server has checked it, but for this playroom’s policy and domain
 */
export function compiledOf(tools: Pick<ServicesTools, 'box'>, record: ServicesRecord): Compiled {
  const compiled = known.get(record) ?? compile(tools, record);
  known.set(record, compiled);
  return compiled;
}

function compile(tools: Pick<ServicesTools, 'box'>, record: ServicesRecord): Compiled {
  const { compose, domain, policy } = record.order;
  const { given, templates: kept } = openSecrets(tools, record);
  const values = { given, kept, newHex };
  const compiled = compileCompose(compose.text, {
    file: compose.file,
    policy,
    rootDomain: domain,
    ...values,
  });
  if (compiled.problems === undefined) return compiled;
  const detail = compiled.problems.map(({ message }) => message).join('; ');
  throw new PlayhouseError('compose-refused', { detail });
}
