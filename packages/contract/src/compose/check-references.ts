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

/** More are shown of no file, and each is told with all the names there are. */
const mostTold = 100;
const longestShown = 20;

interface Reference {
  readonly kind: Kind;
  readonly name: string;
  readonly path: ManifestPath;
}

/** Faults of references, and circles of services that wait for each other. */
export function checkReferences(file: unknown): readonly ManifestIssue[] {
  if (!isRecord(file)) return [];
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
      .map((reference) => ({ service, ...reference })),
  );
  const told = missing.slice(0, mostTold).map(({ service, kind, name, path }): ManifestIssue => ({
    code: 'compose-reference-unknown',
    path,
    parameters: { service, name, kind, advice: advise(name, [...known[kind]], kind) },
  }));
  return [...told, ...circles(services)];
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
  return [
    ...networks,
    ...volumes,
    ...named('configs', 'configs'),
    ...named('secrets', 'secrets'),
    ...needed,
    ...othersOf(written, path),
  ];
}

/** Services whose network, processes or volumes it has, or that it calls by another name. */
function othersOf(written: Written, path: ManifestPath): readonly Reference[] {
  const each = (field: string, nameOf: (text: string) => string | undefined) =>
    items(written[field], [...path, field]).flatMap(({ item, at }): Reference[] => {
      const name = typeof item === 'string' ? nameOf(item) : undefined;
      return name === undefined ? [] : [{ kind: 'services', name, path: at }];
    });
  return [
    ...each('links', (text) => text.split(':', 1)[0]),
    ...each('volumes_from', (text) => (text.startsWith('container:') ? undefined : text.split(':', 1)[0])),
    ...['network_mode', 'pid', 'ipc'].flatMap((field) =>
      each(field, (text) => (text.startsWith('service:') ? text.slice('service:'.length) : undefined)),
    ),
  ];
}

/** Services that have to be there before it; those that it can do without are not among them. */
function waitsFor({ depends_on: wanted }: Written): readonly string[] {
  if (Array.isArray(wanted)) return wanted.filter((name) => typeof name === 'string');
  if (!isRecord(wanted)) return [];
  return Object.entries(wanted).flatMap(([name, how]) =>
    isRecord(how) && how['required'] === false ? [] : [name],
  );
}

/** One issue for each circle that the first needs lead into, at a service of it. No step costs more the longer the file is. */
function circles(services: readonly (readonly [string, Written])[]): readonly ManifestIssue[] {
  const names = new Set(services.map(([name]) => name));
  const needs = new Map(
    services.map(([name, written]) => [name, new Set(waitsFor(written).filter((need) => names.has(need)))]),
  );
  dropWhatCanRun(needs);
  const issues: ManifestIssue[] = [];
  const done = new Set<string>();
  for (const first of needs.keys()) {
    const way = new Set<string>();
    let name: string | undefined = first;
    while (name !== undefined && !done.has(name) && !way.has(name)) {
      way.add(name);
      [name] = needs.get(name) ?? [];
    }
    if (name !== undefined && way.has(name)) {
      const walked = [...way];
      const circle = [...walked.slice(walked.indexOf(name)), name].map((each) => `\`${each}\``);
      const shown = circle.length > longestShown ? [...circle.slice(0, longestShown), '…'] : circle;
      const parameters = { circle: shown.join(' → ') };
      issues.push({ code: 'compose-circle', path: ['services', name, 'depends_on'], parameters });
    }
    for (const each of way) done.add(each);
  }
  return issues;
}

/** What is left waits for a circle, or is in one. */
function dropWhatCanRun(needs: Map<string, Set<string>>): void {
  const waiting = new Map<string, string[]>();
  for (const [name, own] of needs)
    for (const need of own) {
      const others = waiting.get(need);
      if (others === undefined) waiting.set(need, [name]);
      else others.push(name);
    }
  const ready = [...needs].filter(([, own]) => own.size === 0).map(([name]) => name);
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    needs.delete(name);
    for (const other of waiting.get(name) ?? []) {
      const own = needs.get(other);
      if (own?.delete(name) === true && own.size === 0) ready.push(other);
    }
  }
}
