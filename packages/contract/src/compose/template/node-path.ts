import type { ManifestPath } from '../../manifest/manifest-issue.ts';
import { isRecord } from '../../manifest/noun.ts';

/**
 * Reads `services.web.environment.MODE`, `services.web.ports[0]`, `services.web.ports.0` or `services["my.web"].image`.
 * Undefined when it is no path below the top of the file, or one into our own block.
 */
export function parseNodePath(text: string): ManifestPath | undefined {
  const parts: (string | number)[] = [];
  const pattern = /\.?(?:([^.[\]"']+)|\[(\d{1,6})\]|\[(?:"([^"]*)"|'([^']*)')\])/gy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [, name, index, double, single] = match;
    parts.push(index === undefined ? (name ?? double ?? single ?? '') : Number(index));
  }
  const sound = parts.length > 1 && typeof parts[0] === 'string' && !parts[0].startsWith('x-');
  const plain = parts.every((part) => part !== '' && part !== '__proto__');
  return sound && plain ? parts : undefined;
}

/**
 * The data with another value at a place; what lies beside it is shared with the old one. A last name that is not there yet
 * is added, as is an entry at the end of a list. Undefined when the blocks above it are not there.
 */
export function writeAt(data: unknown, path: ManifestPath, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(data)) {
    const index = /^\d+$/.test(String(part)) ? Number(part) : data.length + 1;
    if (index > data.length || (index === data.length && rest.length > 0)) return undefined;
    const inner = writeAt(data[index], rest, value);
    return inner === undefined ? undefined : [...data.slice(0, index), inner, ...data.slice(index + 1)];
  }
  if (!isRecord(data)) return undefined;
  const name = String(part);
  if (rest.length > 0 && !Object.hasOwn(data, name)) return undefined;
  const inner = writeAt(data[name], rest, value);
  return inner === undefined ? undefined : { ...data, [name]: inner };
}
