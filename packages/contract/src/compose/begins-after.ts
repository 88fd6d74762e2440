import type { ManifestPath } from '../manifest/manifest-issue.ts';
import { isRecord } from '../manifest/noun.ts';
import { items } from './policy/items.ts';

type Field = 'depends_on' | 'links' | 'volumes_from' | 'network_mode' | 'pid' | 'ipc';

/** Another service that one names, and where. */
export interface ServiceReference {
  readonly name: string;
  readonly field: Field;
  readonly path: ManifestPath;
  /** As `depends_on` says of it; absent: it does not say. */
  readonly required?: boolean;
}

/**
 * Services that Docker Compose begins before it: those that it waits for, whose network, processes or volumes it has, or that it calls
 * by another name. A service that is not in the file is none that another can do without (`required: false`), to Docker Compose 2.26.
 */
export function beginsAfter(
  service: string,
  written: Readonly<Record<string, unknown>>,
): readonly ServiceReference[] {
  const path = ['services', service];
  const each = (field: Field, nameOf: (text: string) => string | undefined) =>
    items(written[field], [...path, field]).flatMap(({ item, at }): ServiceReference[] => {
      const name = typeof item === 'string' ? nameOf(item) : undefined;
      return name === undefined ? [] : [{ name, field, path: at }];
    });
  return [
    ...waitsFor(written['depends_on'], [...path, 'depends_on']),
    ...each('links', (text) => text.split(':', 1)[0]),
    ...each('volumes_from', (text) => (text.startsWith('container:') ? undefined : text.split(':', 1)[0])),
    ...(['network_mode', 'pid', 'ipc'] as const).flatMap((field) =>
      each(field, (text) => (text.startsWith('service:') ? text.slice('service:'.length) : undefined)),
    ),
  ];
}

/** The short form says that all of them are required. */
function waitsFor(wanted: unknown, path: ManifestPath): readonly ServiceReference[] {
  const field = 'depends_on';
  if (!isRecord(wanted))
    return items(wanted, path).flatMap(({ item, at }) =>
      typeof item === 'string' ? [{ name: item, field, path: at, required: true }] : [],
    );
  return Object.entries(wanted).map(([name, terms]) => {
    const required = isRecord(terms) ? terms['required'] : undefined;
    return { name, field, path: [...path, name], ...(typeof required === 'boolean' ? { required } : {}) };
  });
}
