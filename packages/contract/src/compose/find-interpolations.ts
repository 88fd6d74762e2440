// What Docker Compose will ask its environment for: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}` in values.
import type { ManifestPath } from '../manifest/manifest-issue.ts';
import { isRecord } from '../manifest/noun.ts';

export interface Interpolation {
  readonly name: string;
  /** The first place that asks for it. */
  readonly path: ManifestPath;
  /** True when every place that asks has a default, or what to put if it is set. */
  readonly hasDefault: boolean;
}

/**
 * The names that values of a file interpolate, `x-…` apart. Playhouse gives Docker Compose an environment of its own, never
 * the host's, and refuses to start what asks for more without a default: an empty text in its place is found out too late.
 */
export function findInterpolations(file: unknown): readonly Interpolation[] {
  const found = new Map<string, Interpolation>();
  const rest = isRecord(file) ? Object.entries(file).filter(([key]) => !key.startsWith('x-')) : [];
  collect(Object.fromEntries(rest), [], found);
  for (const kind of ['configs', 'secrets']) collectContents(kind, file, found);
  return [...found.values()];
}

/** Of configs and secrets whose content is that of a variable. */
function collectContents(kind: string, file: unknown, found: Map<string, Interpolation>): void {
  const parts = isRecord(file) && isRecord(file[kind]) ? Object.entries(file[kind]) : [];
  for (const [part, fields] of parts) {
    const name = isRecord(fields) ? fields['environment'] : undefined;
    if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name)) continue;
    found.set(name, { name, path: [kind, part, 'environment'], hasDefault: false });
  }
}

function collect(value: unknown, path: ManifestPath, found: Map<string, Interpolation>): void {
  if (typeof value === 'string') {
    for (const { name, hasDefault } of interpolationsIn(value)) {
      const before = found.get(name);
      const still = (before?.hasDefault ?? true) && hasDefault;
      // The place that has no default is the one to point at.
      const first = before === undefined || (before.hasDefault && !hasDefault) ? path : before.path;
      found.set(name, { name, path: first, hasDefault: still });
    }
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, [...path, index], found);
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) collect(item, [...path, key], found);
  }
}

/** The names in one text; a default may hold others, which count only when it is used. */
export function interpolationsIn(
  text: string,
): readonly { readonly name: string; readonly hasDefault: boolean }[] {
  const pattern = /\$\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(:?[-+?])?)/g;
  return [...text.matchAll(pattern)].flatMap(([, bare, braced, operator = '']) => {
    const name = bare ?? braced;
    return name === undefined ? [] : [{ name, hasDefault: /[-+]$/.test(operator) }];
  });
}
