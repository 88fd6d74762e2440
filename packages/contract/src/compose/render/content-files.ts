// Configs and secrets whose content the file itself has, or a variable. Docker Compose copies them into containers, which Docker
// refuses where the root file system is read-only or the user has no name, and a service whose content changed stays the same to it. So
// they become files of the playground that are mounted: a file is named after all that it is, and another content is another service.
import { createHash } from 'node:crypto';
import { isRecord } from '../../manifest/noun.ts';
import type { ComposeData } from './read-rendered.ts';

export interface ContentFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

interface ContentOptions {
  /** What variables hold. */
  readonly values: Readonly<Record<string, string>>;
  /** What files hold that came from a repository, by their absolute path. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Absolute folder that the files are to lie in. */
  readonly folder: string;
}

const kinds = ['configs', 'secrets'] as const;

/** A rendered file that mounts them, and the files that have to be there then. */
export function withContentFiles(
  rendered: ComposeData,
  options: ContentOptions,
): { readonly rendered: ComposeData; readonly files: readonly ContentFile[] } {
  const files = new Map<string, ContentFile>();
  const contents = new Map(
    kinds.map((kind) => [kind, contentsOf(partsOf(rendered, kind), options)] as const),
  );
  const services = Object.entries(partsOf(rendered, 'services')).map(([name, service]) => {
    const mounts: ComposeData[] = [];
    const left: Record<string, unknown> = {};
    for (const kind of kinds) {
      const entries = listOf(service, kind);
      const contentOf = ({ source }: ComposeData) => contents.get(kind)?.get(String(source));
      for (const entry of entries) {
        const content = contentOf(entry);
        if (content === undefined) continue;
        const file = fileOf(entry, content, options.folder);
        files.set(file.path, file);
        mounts.push({ type: 'bind', source: file.path, target: targetOf(kind, entry), read_only: true });
      }
      if (entries.length > 0) left[kind] = entries.filter((entry) => contentOf(entry) === undefined);
    }
    if (mounts.length === 0) return [name, service] as const;
    return [name, { ...service, ...left, volumes: [...listOf(service, 'volumes'), ...mounts] }] as const;
  });
  const parts = kinds.flatMap((kind) => {
    const all = Object.entries(partsOf(rendered, kind));
    const others = all.filter(([name]) => contents.get(kind)?.has(name) !== true);
    return all.length === 0 ? [] : [[kind, Object.fromEntries(others)] as const];
  });
  return {
    rendered: { ...rendered, ...Object.fromEntries(parts), services: Object.fromEntries(services) },
    files: [...files.values()],
  };
}

function contentsOf(
  parts: Readonly<Record<string, ComposeData>>,
  { values, texts = new Map() }: ContentOptions,
): ReadonlyMap<string, string> {
  const found = Object.entries(parts).flatMap(([name, { content, environment, file }]) => {
    const text = typeof file === 'string' ? texts.get(file) : undefined;
    if (text !== undefined) return [[name, text] as const];
    if (typeof content === 'string') return [[name, content] as const];
    return typeof environment === 'string' ? [[name, values[environment] ?? ''] as const] : [];
  });
  return new Map(found);
}

/** A file of that content for whoever asks for it in this way. */
export function fileOf({ mode, uid, gid }: ComposeData, content: string, folder: string): ContentFile {
  const file = { content, mode: modeOf(mode), uid: Number(uid ?? 0) || 0, gid: Number(gid ?? 0) || 0 };
  const name = createHash('sha256').update(JSON.stringify(file)).digest('hex').slice(0, 32);
  return { path: `${folder}/${name}`, ...file };
}

/** Docker Compose prints a number, and later versions an octal text. */
function modeOf(mode: unknown): number {
  const number = typeof mode === 'string' ? Number.parseInt(mode, 8) : mode;
  // Neither may it be written to, nor does it change who somebody is.
  return typeof number === 'number' && Number.isInteger(number) ? number & 0o777 : 0o444;
}

function targetOf(kind: (typeof kinds)[number], { source, target }: ComposeData): string {
  const name = typeof target === 'string' && target !== '' ? target : String(source);
  if (name.startsWith('/')) return name;
  return kind === 'secrets' ? `/run/secrets/${name}` : `/${name}`;
}

function partsOf(file: ComposeData, kind: string): Readonly<Record<string, ComposeData>> {
  const parts = isRecord(file[kind]) ? Object.entries(file[kind]) : [];
  return Object.fromEntries(parts.flatMap(([name, part]) => (isRecord(part) ? [[name, part] as const] : [])));
}

function listOf(service: ComposeData, field: string): readonly ComposeData[] {
  const list: unknown = service[field];
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
