// What services name elsewhere in the file has to be there: Docker Compose would say so when repositories were cloned already, and
// without a place.
import { advise } from '../manifest/closest.ts';
import type { ManifestIssue, ManifestPath } from '../manifest/manifest-issue.ts';
import { isRecord } from '../manifest/noun.ts';
import { beginsAfter, type ServiceReference } from './begins-after.ts';
import { extendsOf } from './bases/extends-of.ts';
import { findCircles, type Step } from './find-circles.ts';
import { servicesOf } from './plan/plan-services.ts';
import { items } from './policy/items.ts';
import { readMount } from './policy/short-forms.ts';

type Written = Readonly<Record<string, unknown>>;
type Kind = 'services' | 'networks' | 'volumes' | 'configs' | 'secrets';

/** More are shown of no file, and each is told with all the names there are. */
const mostTold = 100;

interface Reference {
  readonly kind: Kind;
  readonly name: string;
  readonly path: ManifestPath;
}

/** Faults of references, and circles of services that wait for each other, or that extend each other. */
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
  const byName = new Map(services);
  const told = missing.slice(0, mostTold).map(({ service, kind, name, path }): ManifestIssue => ({
    code: 'compose-reference-unknown',
    path,
    parameters: { service, name, kind, advice: advise(name, [...known[kind]], kind) },
  }));
  const stepsOf = (of: (service: string, written: Written) => readonly Pick<Reference, 'name' | 'path'>[]) =>
    new Map(
      services.map(([service, written]) => [
        service,
        of(service, written).flatMap(({ name, path }): Step[] =>
          byName.has(name) ? [{ to: name, path }] : [],
        ),
      ]),
    );
  return [
    ...told,
    ...findCircles(stepsOf(beginsAfter), 'compose-circle'),
    ...findCircles(stepsOf(extendedBy), 'compose-extends-circle'),
  ];
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
  return [
    ...networks,
    ...volumes,
    ...named('configs', 'configs'),
    ...named('secrets', 'secrets'),
    ...beginsAfter(service, written).map(ofServices),
    ...extendedBy(service, written),
  ];
}

function ofServices({ name, path }: ServiceReference): Reference {
  return { kind: 'services', name, path };
}

/** The service of the same file that it takes over from. */
function extendedBy(service: string, written: Written): readonly Reference[] {
  const from = extendsOf(written);
  if (from === null || from.file !== null || from.service === '') return [];
  const short = typeof written['extends'] === 'string';
  const path = ['services', service, 'extends', ...(short ? [] : ['service'])];
  return [{ kind: 'services', name: from.service, path }];
}
