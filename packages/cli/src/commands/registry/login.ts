import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';

export interface LoginInput {
  readonly registry: string;
  readonly username: string | undefined;
  readonly passwordStdin: boolean;
}

/** `playhouse registry login` */
export async function loginRegistry(context: Context, input: LoginInput): Promise<undefined> {
  const { registry, username } = input;
  if (username === undefined) {
    throw new PlayhouseError('usage', {
      detail: 'Say whose account it is with `--username NAME`.',
      command: 'registry login',
    });
  }
  const password = input.passwordStdin
    ? (await context.readInput('-')).replace(/\r?\n$/, '')
    : await context.ask(`Password of ${username} at ${registry}: `, true);
  if (password === null) {
    const detail =
      'Nobody can be asked for the password here, for standard input is no terminal. To read it from there add `--password-stdin`, as in `cat token | playhouse registry login … --password-stdin`.';
    throw new PlayhouseError('usage', { detail, command: 'registry login' });
  }
  const { client } = await context.connect();
  const { registries } = await client('registry.login', { body: { registry, username, password } });
  await finish(context, { registries }, () => `Logged in to ${registry} as ${username}.\n`);
}
