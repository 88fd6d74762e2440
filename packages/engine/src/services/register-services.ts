// What an order makes of the record of a playground of services: a first one, another, or what a rollout is to bring about.
import { isDeepStrictEqual } from 'node:util';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { wrongState } from '@playhouse/contract/errors/wrong-state';
import { projectName } from '@playhouse/contract/identifier';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
import { newAccess } from './access/access.ts';
import { compiledOf, type ServicesTools } from './services-context.ts';
import type { ServicesRecord } from './services-record.ts';
import type { ServicesVersion } from './services-version.ts';
import { buildWishes, divideOrder, openSecrets, type Secrets, sealSecrets } from './services-secrets.ts';

/**
 * Writes down what is to be started. Values that come with an order are kept sealed, and only there: whoever asks for another start
 * does not give them again.
 */
export async function registerServices(tools: ServicesTools, written: ServicesOrder): Promise<void> {
  const { id } = written;
  const known = tools.records.find(id);
  if (known !== null) {
    const { order, secrets } = divideOrder(written, openSecrets(tools, known));
    const again = { order, secrets: sealSecrets(tools, id, secrets) };
    return await tools.records.save({ ...known, ...again, nextImages: imagesFor(tools, known, again) });
  }
  const { persistentId } = written;
  const generated =
    persistentId === null ? { templates: {}, variables: {} } : await tools.lasting.find(persistentId);
  const nothing: Secrets = {
    ...{ password: '', given: {}, ...generated },
    environment: { global: {}, services: {} },
  };
  const { order, secrets } = divideOrder(written, nothing);
  const fresh: ServicesRecord = {
    ...{ order, state: 'starting', error: null, parts: {}, established: false, next: null, nextImages: {} },
    secrets: sealSecrets(tools, id, secrets),
    ...(await newAccess(tools, id)),
    maintenance: { all: null, services: {} },
    ...{ snapshotId: null, rewoundAt: null, filling: [], ends: {}, subnets: {} },
  };
  // The values that a copy has are in the snapshot that it begins with.
  const complete = order.from === null ? withTemplates(tools, fresh) : fresh.secrets;
  await tools.records.save({ ...fresh, secrets: complete });
}

/** Of what was built ahead, what stands when the next order is that one: nothing when it builds with other arguments. */
export function imagesFor(
  tools: Pick<ServicesTools, 'box'>,
  record: ServicesRecord,
  next: Pick<ServicesVersion, 'order' | 'secrets'>,
): ServicesRecord['nextImages'] {
  return isDeepStrictEqual(buildWishes(tools, record), buildWishes(tools, next)) ? record.nextImages : {};
}

/**
 * Writes down what a rollout is to bring about; one in error begins anew with that. Nothing is written when it throws.
 * @throws PlayhouseError playground-unknown, compose-refused; playground-state for a copy that has not got what it begins with: values
 * of its origin are missing, and only a retry takes them up
 */
export async function registerNext(tools: ServicesTools, written: ServicesOrder): Promise<void> {
  const { id } = written;
  const record = tools.records.find(id);
  if (record === null) throw new PlayhouseError('playground-unknown', { reference: id });
  if (record.order.from !== null && record.snapshotId === null)
    throw wrongState({ name: projectName(record.order), status: 'error' }, 'rolled out');
  const { order, secrets } = divideOrder(written, openSecrets(tools, record));
  const version = { order, parts: record.parts, secrets: sealSecrets(tools, id, secrets) };
  const sealed = withTemplates(tools, { ...record, ...version });
  // An engine that died right after this has it from its record.
  const was = record.next?.was ?? (record.state === 'error' ? 'error' : 'running');
  const next = { version: { ...version, secrets: sealed }, former: {}, was };
  await tools.records.change(id, { next, ...(was === 'error' ? { state: 'starting', error: null } : {}) });
}

/** The secrets with random values of the file’s templates, which are drawn once. */
export function withTemplates(tools: ServicesTools, record: ServicesRecord): string {
  const secrets = openSecrets(tools, record);
  const { generated } = compiledOf(tools, record);
  const templates = { ...secrets.templates, ...generated };
  return sealSecrets(tools, record.order.id, { ...secrets, templates });
}

/** Keeps what the volumes of a playground need that outlive it. */
export async function keepLasting(tools: ServicesTools, id: string): Promise<void> {
  const record = tools.records.find(id);
  const persistentId = record?.order.persistentId ?? null;
  if (record !== null && persistentId !== null)
    await tools.lasting.keep(persistentId, openSecrets(tools, record));
}
