// Whether an image is pulled: a pure decision, from what is wished for, what is here, and what the operation is for.
import type { PullPolicy } from '@playhouse/contract/compose/plan/pull-policy';
import { z } from 'zod';
import type { DockerApi } from '../docker/docker-api.ts';
import { platformOf } from './image-platform.ts';

/** An image that Docker has. */
export interface ImageHere {
  readonly id: string;
  readonly platform: string;
  /** When its name was given to it, in milliseconds since 1970; null when that is not known. */
  readonly since: number | null;
  /** What registries know it by, as in `nginx@sha256:…`. */
  readonly digests: readonly string[];
}

type Asked = Pick<DockerApi, 'ask'>;

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

const imageSchema = z.object({
  Id: z.string(),
  Os: z.string().optional(),
  Architecture: z.string().optional(),
  Variant: z.string().optional(),
  Metadata: z.object({ LastTagTime: z.string().optional() }).optional(),
  RepoDigests: z.array(z.string()).nullish(),
});

/** The image of that name; null when there is none. */
export async function imageHere(api: Asked, image: string): Promise<ImageHere | null> {
  // What Docker does not take for a name is told when it is to be pulled.
  const found = await api.ask(`/images/${encodeURIComponent(image)}/json`).catch(() => null);
  if (found === null) return null;
  const { Id, Os, Architecture, Variant, Metadata, RepoDigests } = imageSchema.parse(found);
  const since = Date.parse(Metadata?.LastTagTime ?? '');
  return {
    id: Id,
    platform: [Os, Architecture, Variant].filter(Boolean).join('/'),
    // Docker writes the year 1 for what it does not know.
    since: since > 0 ? since : null,
    digests: RepoDigests ?? [],
  };
}

/** What Docker runs when nothing is said. */
export async function hostPlatform(api: Asked): Promise<string> {
  const { Os, Arch } = z.object({ Os: z.string(), Arch: z.string() }).parse(await api.ask('/version'));
  return `${Os}/${Arch}`;
}
