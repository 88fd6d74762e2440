// What of a playground of services is nobody’s to read: sealed in its record, and only there.
import { randomBytes } from 'node:crypto';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
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

/** An order without the values that came with it, which are kept in the secrets. */
export function divideOrder(order: ServicesOrder, before: Secrets) {
  const { services, environment, variables, ...rest } = order;
  const wishes = Object.entries(services).map(
    ([name, { environment: _own, ...wish }]) => [name, wish] as const,
  );
  const own = { ...before.environment.services };
  for (const [name, wish] of Object.entries(services))
    if (wish.environment !== undefined) own[name] = merged(own[name] ?? {}, wish.environment);
  const secrets: Secrets = {
    ...before,
    given: { ...before.given, ...variables },
    environment: { global: merged(before.environment.global, environment), services: own },
  };
  const stored: ServicesOrder = {
    ...rest,
    variables: {},
    environment: {},
    services: Object.fromEntries(wishes),
  };
  return { order: stored, secrets };
}

function merged(values: Readonly<Record<string, string>>, changes: ServicesOrder['environment']) {
  const all = { ...values, ...changes };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
