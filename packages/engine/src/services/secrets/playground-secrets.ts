// Which values of a playground of services are secret: the password and whatever else is sealed without having been given; of what
// was given, and of variables of services, those that are declared to be or whose name says so; of what is written, what stands where
// secrets do.
import { readFileSync, statSync } from 'node:fs';
import { hideInData } from '@playhouse/contract/compose/environment/hide-secrets';
import { isSecretName } from '@playhouse/contract/compose/environment/mask-value';
import { readFinal } from '@playhouse/contract/compose/render/read-final';
import { environmentOf } from '@playhouse/contract/compose/render/render-service';
import { isRecord } from '@playhouse/contract/manifest/noun';
import { openAccess } from '../access/access.ts';
import { compiledOf, type ServicesTools } from '../services-context.ts';
import type { ServicesRecord } from '../services-record.ts';
import { buildWishes, openSecrets } from '../services-secrets.ts';
import { SecretMask } from './secret-mask.ts';

type Tools = Pick<ServicesTools, 'box' | 'records'>;

/** What stands where secrets do and is shorter may as well be a word of the file. */
const shortestFound = 6;

/** How long it is taken for granted that final files are those that were read, in milliseconds. */
const trustMs = 250;

interface Known {
  readonly record: ServicesRecord;
  /** Which final files went into it. */
  readonly files: string;
  readonly mask: SecretMask;
  lookedAt: number;
}

const known = new WeakMap<ServicesTools['records'], Map<string, Known>>();

/**
 * Takes out what is secret of a playground; nothing of one that is not here. Asked for each line anew: a secret that was generated a
 * moment ago is taken out too.
 */
export function maskOf(tools: Tools, id: string): SecretMask {
  const { records } = tools;
  const all = known.get(records) ?? new Map<string, Known>();
  known.set(records, all);
  const record = records.find(id);
  if (record === null) {
    all.delete(id);
    return new SecretMask([]);
  }
  const now = performance.now();
  const before = all.get(id);
  if (before?.record === record && now - before.lookedAt < trustMs) return before.mask;
  const { compose, nextCompose } = records.files(id);
  const files = [compose, nextCompose].map(versionOf).join(' ');
  if (before?.record === record && before.files === files) {
    before.lookedAt = now;
    return before.mask;
  }
  const mask = new SecretMask(secretsOf(tools, record, [compose, nextCompose]));
  all.set(id, { record, files, mask, lookedAt: now });
  return mask;
}

function versionOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino} ${found.mtimeMs}`;
}

function secretsOf(tools: Tools, record: ServicesRecord, files: readonly string[]): readonly string[] {
  const next = record.next === null ? [] : [{ ...record, ...record.next.version }];
  return [
    ...[record, ...next].flatMap((version) => orNothing(() => sealedOf(tools, version))),
    ...files.flatMap((file) => orNothing(() => writtenOf(readFinal(readFileSync(file, 'utf8'))))),
  ];
}

/** What cannot be opened tells nobody anything; whoever destroys such a playground must not be kept from it. */
function orNothing(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch {
    return [];
  }
}

function sealedOf(tools: Tools, record: ServicesRecord): readonly string[] {
  const { given, environment, builds: _builds, ...made } = openSecrets(tools, record);
  const { user: _user, ...access } = openAccess(tools, record);
  return [
    // Whatever else comes to be sealed is secret.
    ...textsIn(made),
    ...foundIn(made),
    ...textsIn(access),
    ...named(environment.global),
    ...Object.values(environment.services).flatMap(named),
    ...valuesOf(tools, record, given),
    ...Object.values(buildWishes(tools, record)).flatMap(({ args }) => named(args ?? {})),
  ];
}

/** Of the variables of the file. One that cannot be compiled says nothing of them: then all are. */
function valuesOf(
  tools: Tools,
  record: ServicesRecord,
  given: Readonly<Record<string, string>>,
): readonly string[] {
  try {
    const { values, plan, compiled } = compiledOf(tools, record);
    const secret = values.filter(
      (each) => each.secret || each.source === 'random' || isSecretName(each.name),
    );
    const inBuilds = plan.services.flatMap(({ build }) => named(build?.arguments ?? {}));
    // What Docker Compose is yet to fill in is in the final file.
    const found = foundIn(compiled).filter((value) => !value.startsWith('$'));
    return [...secret.map(({ value }) => value), ...named(given), ...inBuilds, ...found];
  } catch {
    return Object.values(given);
  }
}

/** What a final file says of variables of services, arguments and secrets, and wherever else secrets stand. */
function writtenOf(file: Readonly<Record<string, unknown>>): readonly string[] {
  const parts = (value: unknown) => (isRecord(value) ? Object.values(value).filter(isRecord) : []);
  return [
    ...parts(file['services']).flatMap((service) => named(environmentOf(service))),
    ...parts(file['secrets']).flatMap(({ content }) => (typeof content === 'string' ? [content] : [])),
    ...foundIn(file),
  ];
}

function named(values: Readonly<Record<string, string | null>>): readonly string[] {
  const own = Object.entries(values).flatMap(([name, value]) =>
    value !== null && isSecretName(name) ? value : [],
  );
  return [...own, ...foundIn(values)];
}

function foundIn(data: unknown): readonly string[] {
  const found: string[] = [];
  hideInData(data, (secret) => {
    if (secret.length >= shortestFound) found.push(secret, ...decodedOf(secret));
    return secret;
  });
  return found;
}

/** What stands in an address may be escaped there; programs print what it means. */
function decodedOf(secret: string): readonly string[] {
  try {
    return [decodeURIComponent(secret)];
  } catch {
    return [];
  }
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
