import type { DockerApi } from '../docker/docker-api.ts';
import { decodeLog, type RawLine } from './decode-log.ts';

export interface ContainerLogOptions {
  /** From the end; null for all. */
  readonly tail: number | null;
  /** Not before this, in the form that lines have; null for all. */
  readonly since: string | null;
  /** Goes on until the container ends. */
  readonly follow: boolean;
  readonly keepBytes: number;
  readonly signal: AbortSignal;
}

/** What one container said, in the order in which it did. Nothing for one that is gone, or whose log driver cannot be read. */
export async function* readContainerLog(
  api: DockerApi,
  { id, tty }: { readonly id: string; readonly tty: boolean },
  { tail, since, follow, keepBytes, signal }: ContainerLogOptions,
): AsyncGenerator<RawLine, void> {
  const query = new URLSearchParams({
    ...{ stdout: 'true', stderr: 'true', timestamps: 'true', follow: String(follow) },
    tail: tail === null ? 'all' : String(tail),
    ...(since === null ? {} : { since: dockerTime(since) }),
  });
  // Ended too when nobody reads on: a generator that is left runs its `finally`.
  const end = new AbortController();
  try {
    const both = AbortSignal.any([signal, end.signal]);
    const answer = await api.listen(`/containers/${id}/logs?${query.toString()}`, both);
    if (answer !== null) yield* decodeLog(answer, { tty, keepBytes });
  } finally {
    end.abort();
  }
}

/** Seconds since the epoch, with nanoseconds: `1769860800.123456789`. */
function dockerTime(at: string): string {
  const [whole = '', fraction = '0'] = at.replace('Z', '').split('.');
  return `${Date.parse(`${whole}Z`) / 1000}.${fraction}`;
}
