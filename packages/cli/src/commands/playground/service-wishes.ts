import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ServiceWish } from '@playhouse/contract/link/services-order';

/** What a start may say of a Compose playspec. */
export interface ServiceOptions {
  /** `KEY=VALUE` */
  readonly variable: readonly string[];
  /** `SERVICE=BRANCH`, or `SERVICE=NEW:FROM` for a branch that is made. */
  readonly branch: readonly string[];
  /** Names of services. */
  readonly production: readonly string[];
  readonly development: readonly string[];
  /** `SERVICE=NAME` */
  readonly subdomain: readonly string[];
}

/**
 * The part of a start’s request that is about Compose services.
 * @throws PlayhouseError usage
 */
export function readServiceWishes({ variable, branch, production, development, subdomain }: ServiceOptions): {
  readonly variables: Record<string, string>;
  readonly services: Record<string, ServiceWish>;
} {
  const services: Record<string, ServiceWish> = {};
  const wish = (service: string, part: ServiceWish) => {
    services[service] = { ...services[service], ...part };
  };
  for (const word of branch) {
    const [service, value] = pair(word, 'branch', 'SERVICE=BRANCH or SERVICE=NEW:FROM');
    const [name = '', from, ...rest] = value.split(':');
    if (name === '' || from === '' || rest.length > 0)
      throw refused('branch', 'SERVICE=BRANCH or SERVICE=NEW:FROM', word);
    wish(service, from === undefined ? { branch: name } : { branch: name, newFrom: from });
  }
  for (const service of production) wish(service, { production: true });
  for (const service of development) {
    if (production.includes(service)) {
      const detail = `\`${service}\` cannot be both in production and in development mode.`;
      throw new PlayhouseError('usage', { detail, command: 'playground start' });
    }
    wish(service, { production: false });
  }
  for (const word of subdomain) {
    const [service, name] = pair(word, 'subdomain', 'SERVICE=NAME');
    if (name === '') throw refused('subdomain', 'SERVICE=NAME', word);
    wish(service, { subdomain: name });
  }
  const variables = Object.fromEntries(variable.map((word) => pair(word, 'variable', 'KEY=VALUE')));
  return { variables, services };
}

function pair(word: string, option: string, form: string): readonly [string, string] {
  const equals = word.indexOf('=');
  if (equals < 1) throw refused(option, form, word);
  return [word.slice(0, equals), word.slice(equals + 1)];
}

function refused(option: string, form: string, word: string): PlayhouseError {
  const detail = `--${option} takes ${form}, not \`${word}\`.`;
  return new PlayhouseError('usage', { detail, command: 'playground start' });
}
