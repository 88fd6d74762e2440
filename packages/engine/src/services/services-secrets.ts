// What of a playground of services is nobody’s to read: sealed in its record, and only there.
import { randomBytes } from 'node:crypto';
import type { BuildOverrides, ServicesOrder, ServiceWish } from '@playhouse/contract/link/services-order';
import type { SecretBox } from '@playhouse/contract/secret-box';
import { z } from 'zod';
import type { ServicesVersion } from './services-version.ts';

const valuesSchema = z.record(z.string(), z.string());

const secretsSchema = z.object({
  /** Of a record of a version that kept it here. */
  password: z.string().default(''),
  /** Values that were given for the file’s variables, by name. */
  given: valuesSchema,
  /** What was generated for templates, and for service variables, by name. */
  templates: valuesSchema,
  variables: valuesSchema,
  /** Values over the file’s, of all services and of each. */
  environment: z
    .object({ global: valuesSchema, services: z.record(z.string(), valuesSchema) })
    .default({ global: {}, services: {} }),
  /** Arguments over those of the file’s builds, by service. Absent in a record of a version that kept them in its order. */
  builds: z.record(z.string(), valuesSchema).optional(),
});

export type Secrets = z.infer<typeof secretsSchema>;

interface Box {
  readonly box: SecretBox;
}

export function openSecrets(
  { box }: Box,
  { order, secrets }: Pick<ServicesVersion, 'order' | 'secrets'>,
): Secrets {
  return secretsSchema.parse(JSON.parse(box.unseal(secrets, `services ${order.id}`)));
}

export function sealSecrets({ box }: Box, id: string, secrets: Secrets): string {
  return box.seal(JSON.stringify(secrets), `services ${id}`);
}

export function newHex(digits: number): string {
  return randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits);
}

/** An order without the values that came with it, and the secrets that keep them. Arguments of builds come whole with each order. */
export function divideOrder(order: ServicesOrder, before: Secrets) {
  const { services, environment, variables, ...rest } = order;
  const wishes = Object.entries(services).map(
    ([name, { environment: _own, ...wish }]) => [name, withoutArguments(wish)] as const,
  );
  const builds = Object.entries(services).flatMap(([name, { build }]) =>
    build?.args === undefined ? [] : [[name, build.args] as const],
  );
  const own = { ...before.environment.services };
  for (const [name, wish] of Object.entries(services))
    if (wish.environment !== undefined) own[name] = merged(own[name] ?? {}, wish.environment);
  const secrets: Secrets = {
    ...before,
    given: { ...before.given, ...variables },
    environment: { global: merged(before.environment.global, environment), services: own },
    builds: Object.fromEntries(builds),
  };
  const stored: ServicesOrder = {
    ...rest,
    variables: {},
    environment: {},
    services: Object.fromEntries(wishes),
  };
  return { order: stored, secrets };
}

function withoutArguments({ build, ...wish }: ServiceWish): ServiceWish {
  if (build === undefined) return wish;
  const { args: _args, ...rest } = build;
  return { ...wish, build: rest };
}

/** What is merged over the build of each service, as it was ordered. */
export function buildWishes(
  tools: Box,
  version: Pick<ServicesVersion, 'order' | 'secrets'>,
): Readonly<Record<string, BuildOverrides>> {
  const { builds } = openSecrets(tools, version);
  return Object.fromEntries(
    Object.entries(version.order.services).flatMap(([name, { build }]) => {
      const args = builds?.[name];
      return build === undefined ? [] : [[name, args === undefined ? build : { ...build, args }] as const];
    }),
  );
}

/**
 * A record, or what a rollout is to bring about, with the arguments sealed that a version before this kept in its order; null when
 * there are none.
 */
export function sealArguments<V extends Pick<ServicesVersion, 'order' | 'secrets'>>(
  tools: Box,
  version: V,
): V | null {
  if (Object.values(version.order.services).every(({ build }) => build?.args === undefined)) return null;
  const { order, secrets } = divideOrder(version.order, openSecrets(tools, version));
  return { ...version, order, secrets: sealSecrets(tools, order.id, secrets) };
}

function merged(values: Readonly<Record<string, string>>, changes: ServicesOrder['environment']) {
  const all = { ...values, ...changes };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
