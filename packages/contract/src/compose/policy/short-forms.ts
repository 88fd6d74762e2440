// Ports and mounts in the short and the long form of Compose.
import { isRecord } from '../../manifest/noun.ts';
import { textOf } from '../text-of.ts';

const longestEntry = 4096;

export interface WrittenMount {
  readonly type: string;
  /** Absent for an anonymous volume. */
  readonly source?: string;
  readonly target: string;
}

/** Reads an entry of `volumes:`; what begins with `.`, `/` or `~` is a path of the host, any other source a volume. */
export function readMount(entry: unknown): WrittenMount | undefined {
  if (isRecord(entry)) {
    const { type, source, target } = entry;
    return {
      type: type === undefined ? 'volume' : textOf(type),
      ...(typeof source === 'string' ? { source } : {}),
      target: textOf(target),
    };
  }
  if (typeof entry !== 'string') return undefined;
  // No path is that long; what it would be is not worth the time.
  if (entry.length > longestEntry) return { type: 'unknown', source: entry, target: '' };
  // The colons of an interpolation, as in `${DATA:-./data}:/data`, divide nothing.
  const [first = '', target] = entry.split(/:(?![^{}]*\})/);
  if (target === undefined) return { type: 'volume', target: first };
  return { type: /^[./~$\\]|^[A-Za-z]:/.test(first) ? 'bind' : 'volume', source: first, target };
}

export interface WrittenPort {
  /** Ports of the host; absent when Docker chooses or the value is not known yet. */
  readonly published?: { readonly first: number; readonly last: number };
}

/** Reads an entry of `ports:`: `80`, `8080:80`, `127.0.0.1:8000-8010:80-90/udp` or its fields. */
export function readPort(entry: unknown): WrittenPort | undefined {
  if (isRecord(entry)) {
    const { published } = entry;
    return typeof published === 'string' || typeof published === 'number' ? portRange(String(published)) : {};
  }
  if (typeof entry === 'number') return {};
  if (typeof entry !== 'string' || entry.length > longestEntry) return undefined;
  const parts = entry.replace(/\/\w+$/, '').split(/:(?![^[]*\])/);
  return parts.length < 2 ? {} : portRange(parts.at(-2) ?? '');
}

function portRange(text: string): WrittenPort {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim()) ?? [];
  return first === undefined ? {} : { published: { first: Number(first), last: Number(last) } };
}
