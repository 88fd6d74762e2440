// Whether an image is pulled: a pure decision, from what is wished for, what is here, and what the operation is for.
import type { PullPolicy } from '@playhouse/contract/compose/plan/pull-policy';
import type { Docker } from '../docker/docker.ts';
import { platformOf } from './image-platform.ts';

/** An image that Docker has. */
export interface ImageHere {
  readonly id: string;
  readonly platform: string;
  /** When its name was given to it, in milliseconds since 1970; null when that is not known. */
  readonly since: number | null;
}

/** `usual`: what is not here; `anew`: all that can be had again; `heal`: nothing new. */
export type PullWay = 'usual' | 'anew' | 'heal';

/** `need`: without it nothing goes on; `try`: else the one that is here is used; `absent`: it may not be pulled, and is not here. */
export type PullNeed = 'leave' | 'try' | 'need' | 'absent';

export interface PullQuestion {
  readonly policy: PullPolicy;
  /** As written; null for that of the host. */
  readonly platform: string | null;
  readonly hostPlatform: string;
  readonly here: ImageHere | null;
  readonly way: PullWay;
  readonly now: number;
}

export function pullNeed({ policy, platform, hostPlatform, here, way, now }: PullQuestion): PullNeed {
  const wanted = platformOf(platform ?? hostPlatform);
  const isOther = here !== null && platformOf(here.platform) !== wanted;
  if (here === null || (isOther && platform !== null)) return policy === 'never' ? 'absent' : 'need';
  if (policy === 'never') return 'leave';
  if (way === 'heal') return 'leave';
  if (policy === 'always') return 'need';
  if (way === 'anew' || isOther) return 'try';
  // Of an image whose age nobody knows a registry is asked.
  const isOld = typeof policy === 'object' && now - (here.since ?? 0) >= policy.refreshMs;
  return isOld ? 'try' : 'leave';
}

/** The image of that name; null when there is none. */
export async function imageHere(docker: Pick<Docker, 'try'>, image: string): Promise<ImageHere | null> {
  const words = ['image', 'inspect', '--format', '{{json .}}', '--', image];
  const { exitCode, stdout } = await docker.try(words);
  if (exitCode !== 0) return null;
  const said = JSON.parse(stdout) as {
    readonly Id: string;
    readonly Os?: string;
    readonly Architecture?: string;
    readonly Variant?: string;
    readonly Metadata?: { readonly LastTagTime?: string };
  };
  const since = Date.parse(said.Metadata?.LastTagTime ?? '');
  // Docker writes the year 1 for what it does not know.
  return {
    id: said.Id,
    platform: [said.Os, said.Architecture, said.Variant].filter(Boolean).join('/'),
    since: since > 0 ? since : null,
  };
}

/** What Docker runs when nothing is said. */
export async function hostPlatform(docker: Pick<Docker, 'try'>): Promise<string> {
  const { stdout } = await docker.try(['version', '--format', '{{.Server.Os}}/{{.Server.Arch}}']);
  return stdout.trim();
}
