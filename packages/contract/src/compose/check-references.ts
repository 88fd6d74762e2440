// What services name elsewhere in the file has to be there: Docker Compose would say so when repositories were cloned already, and
// without a place.
import { advise } from '../manifest/closest.ts';
import type { ManifestIssue, ManifestPath } from '../manifest/manifest-issue.ts';
import { isRecord } from '../manifest/noun.ts';
import { servicesOf } from './plan/plan-services.ts';
import { items } from './policy/items.ts';
import { readMount } from './policy/short-forms.ts';

type Written = Readonly<Record<string, unknown>>;
type Kind = 'services' | 'networks' | 'volumes' | 'configs' | 'secrets';

interface Reference {
  readonly kind: Kind;
  readonly name: string;
  readonly path: ManifestPath;
}

/** Faults of references, and circles of services that wait for each other. A file that includes others may have it all from there. */
export function checkReferences(file: unknown): readonly ManifestIssue[] {
  if (!isRecord(file) || file['include'] !== undefined) return [];
  const services = servicesOf(file);
  const namesOf = (kind: Kind) => (isRecord(file[kind]) ? Object.keys(file[kind]) : []);
  const known: Readonly<Record<Kind, ReadonlySet<string>>> = {
    services: new Set(namesOf('services')),
    networks: new Set(['default', ...namesOf('networks')]),
    volumes: new Set(namesOf('volumes')),
    configs: new Set(namesOf('configs')),
    secrets: new Set(namesOf('secrets')),
  };
  const missing = services.flatMap(([service, written]) =>
    referencesOf(service, written)
      .filter(({ kind, name }) => !name.includes('$') && !known[kind].has(name))
      .map(({ kind, name, path }): ManifestIssue => ({
        code: 'compose-reference-unknown',
        path,
        parameters: { service, name, kind, advice: advise(name, [...known[kind]], kind) },
      })),
  );
  return [...missing, ...circles(services)];
}

function referencesOf(service: string, written: Written): readonly Reference[] {
  const path = ['services', service];
  const named = (field: string, kind: Kind, key = 'source'): Reference[] =>
    items(written[field], [...path, field]).flatMap(({ item, at }) => {
      const name = isRecord(item) ? item[key] : item;
      return typeof name === 'string' ? [{ kind, name, path: at }] : [];
    });
  const networks = isRecord(written['networks'])
    ? Object.keys(written['networks']).map((name) => ({
        kind: 'networks' as const,
        name,
        path: [...path, 'networks', name],
      }))
    : named('networks', 'networks');
  const volumes = items(written['volumes'], [...path, 'volumes']).flatMap(({ item, at }): Reference[] => {
    const mount = readMount(item);
    return mount?.type === 'volume' && mount.source !== undefined
      ? [{ kind: 'volumes', name: mount.source, path: at }]
      : [];
  });
  const needed = waitsFor(written).map((name) => ({
    kind: 'services' as const,
    name,
    path: [...path, 'depends_on'],
  }));
  return [...networks, ...volumes, ...named('configs', 'configs'), ...named('secrets', 'secrets'), ...needed];
}

/** Services that have to be there before it; those that it can do without are not among them. */
function waitsFor({ depends_on: wanted }: Written): readonly string[] {
  if (Array.isArray(wanted)) return wanted.filter((name) => typeof name === 'string');
  if (!isRecord(wanted)) return [];
  return Object.entries(wanted).flatMap(([name, how]) =>
    isRecord(how) && how['required'] === false ? [] : [name],
  );
}

/** One issue for each circle, at a service of it. */
function circles(services: readonly (readonly [string, Written])[]): readonly ManifestIssue[] {
  const needs = new Map(services.map(([name, written]) => [name, waitsFor(written)]));
  const done = new Set<string>();
  const issues: ManifestIssue[] = [];
  const visit = (name: string, way: readonly string[]) => {
    const since = way.indexOf(name);
    if (since >= 0) {
      const circle = [...way.slice(since), name].map((each) => `\`${each}\``).join(' → ');
      issues.push({ code: 'compose-circle', path: ['services', name, 'depends_on'], parameters: { circle } });
    } else if (!done.has(name)) {
      for (const next of needs.get(name) ?? []) visit(next, [...way, name]);
      done.add(name);
    }
  };
  for (const name of needs.keys()) visit(name, []);
  return issues;
}
