// What a Compose file names beside itself has to be in a repository: that of the service, or the one that all services share. Without
// one there is nothing to read or to mount, which Docker Compose would say late, or not at all.
import type { ManifestIssue, ManifestPath } from '../manifest/manifest-issue.ts';
import { isRecord } from '../manifest/noun.ts';
import { extendsOf, isRemoteFile } from './bases/extends-of.ts';
import type { PlanOptions } from './plan/read-service.ts';
import { servicesOf } from './plan/plan-services.ts';
import type { ServicePlan } from './plan/service-plan.ts';
import { items } from './policy/items.ts';
import { normalize } from './policy/paths.ts';
import { readMount } from './policy/short-forms.ts';

interface NamedBeside {
  /** The service that names it; null for a config or secret. */
  readonly service: string | null;
  readonly kind: 'mount' | 'file' | 'base';
  readonly file: string;
  readonly path: ManifestPath;
  /** False for what may be missing. */
  readonly needed: boolean;
}

/** Whether all services share a repository: that of the file, or the only one that any of them has. */
export function hasSharedRepository({ services }: ServicePlan, { origin }: PlanOptions): boolean {
  const addresses = services.flatMap(({ source }) => (source === null ? [] : [source.repository.url]));
  return origin !== undefined || new Set(addresses).size === 1;
}

/** Faults, and notes of mounted folders that begin empty. */
export function checkBeside(
  file: unknown,
  plan: ServicePlan,
  options: PlanOptions,
): readonly ManifestIssue[] {
  if (hasSharedRepository(plan, options)) return [];
  const own = new Set(plan.services.flatMap(({ name, source }) => (source === null ? [] : [name])));
  return namedBeside(file).flatMap(({ service, kind, file: name, path, needed }): ManifestIssue[] => {
    // What leads out is told by the host policy; of what is yet to be filled in nothing is known.
    if (name.includes('$') || /^\.\.(\/|$)/.test(normalize(name))) return [];
    const hasOwn = service !== null && own.has(service);
    if (kind === 'mount' && service !== null)
      return [{ code: 'compose-nothing-beside', path, parameters: { service, path: name } }];
    if (kind === 'mount' || hasOwn || !needed) return [];
    // What is fetched from elsewhere is told by the host policy as well.
    if (kind === 'base' && isRemoteFile(name)) return [];
    const owner =
      service === null ? `${String(path[0]).slice(0, -1)} \`${path[1]}\`` : `service \`${service}\``;
    const parameters = { owner: owner.charAt(0).toUpperCase() + owner.slice(1), path: name };
    return [{ code: 'compose-file-missing', path, parameters }];
  });
}

/** All that a file names by a relative path, or one that may be, and that is not built from. */
export function namedBeside(file: unknown): readonly NamedBeside[] {
  const parts = (kind: 'configs' | 'secrets') =>
    Object.entries(isRecord(file) && isRecord(file[kind]) ? file[kind] : {}).flatMap(([name, part]) =>
      entry(null, 'file', isRecord(part) ? part['file'] : undefined, [kind, name, 'file']),
    );
  const services = servicesOf(file).flatMap(([service, written]) => {
    const each = (field: string) => items(written[field], ['services', service, field]);
    return [
      ...each('volumes').flatMap(({ item, at }) => {
        const mount = readMount(item);
        return mount?.type === 'bind' ? entry(service, 'mount', mount.source, at) : [];
      }),
      ...['env_file', 'label_file'].flatMap((field) =>
        each(field).flatMap(({ item, at }) =>
          isRecord(item)
            ? entry(service, 'file', item['path'], at, item['required'] !== false)
            : entry(service, 'file', item, at),
        ),
      ),
      ...entry(service, 'base', extendsOf(written)?.file, ['services', service, 'extends', 'file']),
    ];
  });
  return [...services, ...parts('configs'), ...parts('secrets')];
}

function entry(
  service: string | null,
  kind: NamedBeside['kind'],
  file: unknown,
  path: ManifestPath,
  needed = true,
): readonly NamedBeside[] {
  if (typeof file !== 'string' || file === '' || /^[/~]|[\\\0\n]/.test(file)) return [];
  return [{ service, kind, file, path, needed }];
}
