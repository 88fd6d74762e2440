// What Docker Compose will ask its environment for: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}` in values.
import type { ManifestPath } from '../manifest/manifest-issue.ts';
import { isRecord } from '../manifest/noun.ts';

export interface Interpolation {
  readonly name: string;
  /** The first place that asks for it. */
  readonly path: ManifestPath;
  /** True when every place that asks has a default, or what to put if it is set. */
  readonly hasDefault: boolean;
  /** What is to be said where it is missing, of `${NAME:?message}`. */
  readonly message?: string;
}

/** What Docker Compose has by itself: the name of the playground in Docker. */
const known = 'COMPOSE_PROJECT_NAME';

/**
 * The names that values of a file interpolate, `x-…` apart. Playhouse gives Docker Compose an environment of its own, never
 * the host's, and refuses to start what asks for more without a default: an empty text in its place is found out too late.
 */
export function findInterpolations(file: unknown): readonly Interpolation[] {
  const found = new Map<string, Interpolation>();
  for (const { text, path } of interpolatedTexts(file)) collect(text, path, found);
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

/** The texts of a file that Docker Compose interpolates, each with its place. */
export function interpolatedTexts(file: unknown): readonly { text: string; path: ManifestPath }[] {
  const rest = isRecord(file) ? Object.entries(file).filter(([key]) => !key.startsWith('x-')) : [];
  return textsIn(Object.fromEntries(rest), []);
}

function textsIn(value: unknown, path: ManifestPath): readonly { text: string; path: ManifestPath }[] {
  if (typeof value === 'string') return value.includes('$') ? [{ text: value, path }] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}

function collect(text: string, path: ManifestPath, found: Map<string, Interpolation>): void {
  for (const { name, hasDefault, message } of interpolationsIn(text)) {
    const before = found.get(name);
    const still = (before?.hasDefault ?? true) && hasDefault;
    // The place that has no default is the one to point at.
    const first = before === undefined || (before.hasDefault && !hasDefault) ? path : before.path;
    const said = before?.message ?? message;
    found.set(name, {
      name,
      path: first,
      hasDefault: still,
      ...(said === undefined ? {} : { message: said }),
    });
  }
}

interface InterpolatedName {
  readonly name: string;
  readonly hasDefault: boolean;
  readonly message?: string;
}

/** The names in one text; a default may hold others, which count only when it is used. */
export function interpolationsIn(text: string): readonly InterpolatedName[] {
  const pattern = /\$\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(:?[-+?])?)/g;
  return [...text.matchAll(pattern)].flatMap((match): readonly InterpolatedName[] => {
    const [whole, bare, braced, operator = ''] = match;
    const name = bare ?? braced;
    if (name === undefined || name === known) return [];
    const [said = ''] =
      /^[^}]{0,200}/.exec(text.slice(match.index + whole.length, match.index + whole.length + 200)) ?? [];
    return [
      {
        name,
        hasDefault: /[-+]$/.test(operator),
        ...(operator.endsWith('?') && said !== '' ? { message: said } : {}),
      },
    ];
  });
}
