import { credentialNameSchema, type NewCredential } from '@playhouse/contract/credential';
import { placeFault } from '@playhouse/contract/credential-place';
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
  const isKey = input.key !== undefined || input.knownHosts !== undefined;
  if (registry !== undefined && isKey)
    throw refused('A registry has no keys: leave out `--key` and `--known-hosts`.');
  const kind = registry !== undefined ? 'registry' : isKey ? 'key' : 'token';
  // Nobody types a secret for what cannot be kept.
  if (!credentialNameSchema.safeParse(name).success)
    throw refused('`<name>` is not right: expected small letters, digits and `-`, 63 at most.');
  const fault = placeFault({ kind, place });
  if (fault !== null)
    throw refused(`\`--${kind === 'registry' ? 'registry' : 'repository'}\` is not right: ${fault}.`);
  if (kind === 'key') return await readKey(context, input, place);
  if (kind === 'registry' && username === '')
    throw refused('Say whose account of the registry it is with `--username NAME`.');
  const secret = input.secretStdin
    ? (await context.readInput('-')).replace(/\r?\n$/, '')
    : await context.ask(`Token or password for ${place}: `, true);
  if (secret === null) throw refused(nobodyToAsk);
  if (secret === '') throw refused('The token or password is empty.');
  return { name, kind, place, username, secret, knownHosts: '' };
}

const nobodyToAsk =
  'Nobody can be asked for the secret here, for standard input is no terminal. To read it from there add `--secret-stdin`, as in `cat token | playhouse credential add … --secret-stdin`.';

async function readKey(context: Context, input: AddInput, place: string): Promise<NewCredential> {
  const { name, key, knownHosts } = input;
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
