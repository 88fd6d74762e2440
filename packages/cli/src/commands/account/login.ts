import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { createClient } from '@playhouse/contract/routes/client';
import { settingsDirectory, writeCredentials } from '../../connection/credentials.ts';
import { requestPatience, timedFetch } from '../../connection/timed-fetch.ts';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse login`: nothing is kept that the server does not accept. */
export async function login(context: Context): Promise<undefined> {
  const { endpoint } = await context.connect();
  const typed = (await context.ask(`Token for ${endpoint}: `, true)) ?? (await context.readInput('-'));
  const token = typed.trim();
  if (token === '') {
    const detail = 'No token was given; type it, or pass it on standard input.';
    throw new PlayhouseError('usage', { detail, command: 'login' });
  }
  const client = createClient({
    endpoint,
    token,
    signal: context.signal,
    fetch: timedFetch(requestPatience),
  });
  const { user } = await client('user.self');
  await writeCredentials(settingsDirectory(context.environment), endpoint, token);
  const first = ['PLAYHOUSE_TOKEN', 'PLAYHOUSE_TOKEN_FILE'].find((name) => context.environment[name]);
  await print(context, { user, endpoint }, () =>
    [
      `You are ${user.name} on ${endpoint}.`,
      ...(first === undefined ? [] : [`  ${first} is set and comes first; unset it to use this token.`]),
      '',
    ].join('\n'),
  );
}
