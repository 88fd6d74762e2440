import { formatLifetime } from '@playhouse/contract/lifetime';
import type { Playground } from '@playhouse/contract/playground';
import { formatTimeLeft } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';
import { lifetimeOf } from './read-lifetime.ts';

export interface LifetimeInput {
  readonly playground: string;
  readonly time: string | undefined;
  readonly onExpiry: string | undefined;
}

/** `playhouse playground lifetime` */
export async function changeLifetime(context: Context, input: LifetimeInput): Promise<undefined> {
  const { client } = await context.connect();
  const parameters = { playground: input.playground };
  const { time, onExpiry } = input;
  const extend = time?.startsWith('+') ?? false;
  // A + alone leaves it to the server how much is added.
  const lifetime = extend ? time?.slice(1) || undefined : time;
  const body = lifetimeOf({ lifetime, onExpiry }, 'playground lifetime');
  const { playground } =
    time === undefined && onExpiry === undefined
      ? await client('playground.get', { parameters })
      : await client('playground.lifetime', { parameters, body: { ...body, extend } });
  const { id, name, lifetimeSeconds, expiresAt, onExpiry: action } = playground;
  const shown = { playgroundId: id, lifetimeSeconds, expiresAt, onExpiry: action };
  await print(context, shown, () => `${name}: ${describeExpiry(playground, context.now())}\n`);
}

const participles = { destroy: 'destroyed', stop: 'stopped', suspend: 'suspended' } as const;

/** When a playground’s lifetime is over and what becomes of it then, in words. */
export function describeExpiry(playground: Playground, now: number): string {
  const { lifetimeSeconds, expiresAt, onExpiry } = playground;
  const kept = keptWords(playground, now);
  if (kept !== null) return kept;
  // A server of the version before does not say.
  if (expiresAt) return `${formatTimeLeft(expiresAt, now)}, then it is ${participles[onExpiry]}`;
  if (playground.status !== 'stopped' || !lifetimeSeconds) return 'never';
  return `${formatLifetime(lifetimeSeconds)} after its restart, then it is ${participles[onExpiry]}`;
}

const keptFor = {
  changes: 'changes that were not committed',
  commits: 'commits that the repository does not have',
  unreadable: 'a checkout that cannot be read',
} as const;

/** For whose work a playground is kept whose lifetime is over; null where that is not so. */
function keptWords(
  {
    expiresAt,
    onExpiry,
    status,
    services,
  }: Pick<Playground, 'expiresAt' | 'onExpiry' | 'status' | 'services'>,
  now: number,
): string | null {
  const goes = onExpiry === 'destroy' || status === 'completed';
  if (!expiresAt || Date.parse(expiresAt) > now || !goes || status === 'destroying') return null;
  const words = services.flatMap(({ name, kept }) => (kept ? [`service ${name} has ${keptFor[kept]}`] : []));
  return words.length === 0 ? null : `now, but it is kept: ${words.join(', ')}`;
}
