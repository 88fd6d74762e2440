import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/** What skopeo was doing when it gave up. */
export interface SkopeoTask {
  readonly registry: string;
  /** What access was asked for, in words: `demo/app`. */
  readonly what: string;
  /** The reference as the user wrote it. */
  readonly source: string;
  /** True when the content was asked for by its digest. */
  readonly byDigest: boolean;
}

const unauthorized =
  /unauthorized|authentication required|invalid username\/password|denied|status code 40[13]|HTTP code 40[13]|\b403 Forbidden/i;
const missing = /manifest unknown|name unknown|repository name not known|not found|status code 404/i;
const mismatch =
  /does not match provided manifest digest|Digest did not match|did not match expected digest|digest mismatch|does not match (?:the )?expected/i;
const unreachable =
  /dial tcp|no such host|connection re(?:fused|set)|i\/o timeout|TLS handshake|x509|tls:|certificate|server gave HTTP response|network is unreachable|no route to host|EOF|deadline exceeded|pinging container registry/i;
const unfit =
  /no image found in (?:image index|manifest list)|unsupported MIME type|unsupported manifest|schema1/i;
const diskFull = /no space left on device/i;

/** The catalogue’s error for what skopeo printed before it gave up. */
export function explainSkopeo(stderr: string, task: SkopeoTask): PlayhouseError {
  const detail = fatalMessage(stderr);
  const { registry, what, source } = task;
  if (diskFull.test(detail)) return new PlayhouseError('disk-full', { path: 'the images' });
  if (mismatch.test(detail)) return new PlayhouseError('image-digest-wrong', { source, detail });
  if (unauthorized.test(detail))
    return new PlayhouseError('registry-unauthorized', { registry, what, detail });
  if (unfit.test(detail)) return new PlayhouseError('image-unfit', { source, detail });
  if (missing.test(detail) && !/no such host/i.test(detail)) {
    if (!task.byDigest) return new PlayhouseError('image-unknown', { source });
    return new PlayhouseError('image-digest-wrong', {
      source,
      detail: 'the registry has nothing of that digest',
    });
  }
  if (unreachable.test(detail)) return new PlayhouseError('registry-unreachable', { registry, detail });
  return new PlayhouseError('registry-failed', { registry, detail });
}

/** The last message of skopeo’s log, or the end of what it printed. */
function fatalMessage(stderr: string): string {
  const quoted = [...stderr.matchAll(/level=fatal msg=("(?:[^"\\]|\\.)*"|.+)/g)].at(-1)?.[1];
  const text = quoted === undefined ? stderr.trim().slice(-400) : unquote(quoted);
  // It repeats the reference first; the causes follow.
  return text.replace(/^Error parsing image name "[^"]*": /, '').replace(/^initializing source \S+: /, '');
}

function unquote(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
