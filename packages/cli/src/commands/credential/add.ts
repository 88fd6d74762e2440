import type { NewCredential } from '@playhouse/contract/credential';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';

export interface AddInput {
  readonly name: string;
  readonly repository: string | undefined;
  readonly registry: string | undefined;
  readonly username: string | undefined;
  readonly key: string | undefined;
  readonly knownHosts: string | undefined;
  readonly secretStdin: boolean;
}

/** `playhouse credential add` */
export async function addCredential(context: Context, input: AddInput): Promise<undefined> {
  const credential = await readCredential(context, input);
  const { client } = await context.connect();
  const { credentials } = await client('credential.add', { body: credential });
  const { name, place } = credential;
  const publicKey = credentials.find((each) => each.name === name)?.publicKey ?? null;
  const next = publicKey === null ? '' : `  ${place} has to know this key:\n  ${publicKey}\n`;
  await finish(context, { credentials }, () => `${name} opens ${place} for your playgrounds.\n${next}`);
}

async function readCredential(context: Context, input: AddInput): Promise<NewCredential> {
  const { name, repository, registry, username = '' } = input;
  const place = repository ?? registry;
  if (place === undefined || (repository !== undefined && registry !== undefined))
    throw refused('Say what it opens, with either `--repository ADDRESS` or `--registry HOST`.');
  if (input.key !== undefined || input.knownHosts !== undefined) return await readKey(context, input, place);
  if (registry !== undefined && username === '')
    throw refused('Say whose account of the registry it is with `--username NAME`.');
  const kind = registry === undefined ? ('token' as const) : ('registry' as const);
  const secret = input.secretStdin
    ? (await context.readInput('-')).replace(/\r?\n$/, '')
    : await context.ask(`Token or password for ${place}: `, true);
  if (secret === null) throw refused('Nobody can be asked for the secret here: use `--secret-stdin`.');
  if (secret === '') throw refused('The token or password is empty.');
  return { name, kind, place, username, secret, knownHosts: '' };
}

async function readKey(context: Context, input: AddInput, place: string): Promise<NewCredential> {
  const { name, registry, key, knownHosts } = input;
  if (registry !== undefined) throw refused('A registry has no keys: leave out `--key` and `--known-hosts`.');
  if (key === undefined || knownHosts === undefined)
    throw refused('A key needs both `--key FILE` and `--known-hosts FILE`: whoever answers must be known.');
  if (key === '-' && knownHosts === '-') throw refused('Only one of the files can be standard input.');
  const secret = await context.readInput(key);
  return {
    ...{ name, kind: 'key', place, username: '', secret },
    knownHosts: await context.readInput(knownHosts),
  };
}

function refused(detail: string): PlayhouseError {
  return new PlayhouseError('usage', { detail, command: 'credential add' });
}
