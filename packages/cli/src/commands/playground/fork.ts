import type { Playground } from '@playhouse/contract/playground';
import { settingsDirectory } from '../../connection/credentials.ts';
import { finish } from '../../output/finish.ts';
import { identityWords } from '../../output/identity-words.ts';
import type { Context } from '../../program/context.ts';
import { silentRenderer } from '../../progress/silent-renderer.ts';
import { ensureIdentity } from '../../ssh/identity.ts';
import { succeeded } from '../await-operation.ts';
import { awaitOperations } from '../await-operations.ts';
import { lifetimeOf } from './read-lifetime.ts';

export interface ForkInput {
  readonly playground: string;
  readonly count: number | undefined;
  readonly title: string | undefined;
  readonly lifetime: string | undefined;
  readonly onExpiry: string | undefined;
  readonly noWait: boolean;
  readonly quiet: boolean;
}

/** `playhouse playground fork`: fails when one of the forks did, after it has told how all of them ended. */
export async function forkPlayground(context: Context, input: ForkInput): Promise<undefined> {
  const identity = await ensureIdentity(settingsDirectory(context.environment));
  const { client } = await context.connect();
  const { operation, playgrounds, operations } = await client('playground.fork', {
    parameters: { playground: input.playground },
    body: {
      ...(input.count === undefined ? {} : { count: input.count }),
      ...(input.title === undefined ? {} : { title: input.title }),
      authorizedKeys: [identity.publicKey],
      ...lifetimeOf(input, 'playground fork'),
    },
  });
  if (input.quiet) context.stdout.write(playgrounds.map(({ id }) => `${id}\n`).join(''));
  if (input.noWait) {
    const words = playgrounds.map(({ name }) => `${name} is starting.\n`).join('');
    if (!input.quiet) await finish(context, { operation, playgrounds, operations }, () => words);
    return;
  }
  const [cut = operation, ...starts] = await awaitOperations(
    context,
    [
      { label: `Cutting ${operation.subject.name}`, operation },
      ...operations.map((start) => ({ label: `Starting ${start.subject.name}`, operation: start })),
    ],
    input.quiet ? silentRenderer : undefined,
  );
  succeeded(cut);
  const forks = await Promise.all(
    playgrounds.map(
      async ({ id }) => (await client('playground.get', { parameters: { playground: id } })).playground,
    ),
  );
  if (!input.quiet) {
    const ended = { operation: cut, playgrounds: forks, operations: starts };
    await finish(context, ended, () => describeForks(forks));
  }
  for (const start of starts) succeeded(start);
}

function describeForks(forks: readonly Playground[]): string {
  const lines = forks.map((fork) => `${fork.name} is ${fork.status}.\n${addressesOf(fork)}`).join('');
  const [first] = forks;
  const next = first === undefined ? '' : nextStep(first);
  const identities = identityWords(forks);
  return `${lines}${next}${identities === '' ? '' : `\n${identities}`}`;
}

/** Forks of services have addresses of their own. */
function addressesOf({ services }: Playground): string {
  return services.flatMap(({ url }) => (url === null ? [] : [`  ${url}\n`])).join('');
}

function nextStep({ kind, number }: Playground): string {
  return kind === 'machines'
    ? `  Open a shell: playhouse ssh ${number}\n`
    : `  See its services: playhouse playground show ${number}\n`;
}
