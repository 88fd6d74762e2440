// What another version of a Compose file makes of data that is there. Nothing is deleted by it, but what is under another key is not
// found again. Adding is safe, and so says nothing.
import { isRecord } from '../../manifest/noun.ts';
import type { ManifestIssue } from '../../manifest/manifest-issue.ts';
import { readMount } from '../policy/short-forms.ts';
import { extensionKey } from '../template/extension.ts';
import { labelPrefix } from '../labels/label-table.ts';
import { listLabels } from '../labels/read-labels.ts';

/** Where a volume is mounted. */
interface Use {
  readonly service: string;
  readonly target: string;
}

/** Notes about the file as it is now; `playspec` is the name of the one that it is of. */
export function findVolumeChanges(before: unknown, now: unknown, playspec: string): readonly ManifestIssue[] {
  const [former, present] = [volumesOf(before), volumesOf(now)];
  const [lasted, lasts] = [persists(before), persists(now)];
  const left = lasted
    ? `It stays until the volumes of the playspec are removed: \`playhouse playspec volumes ${playspec}\`.`
    : 'Playgrounds that are upgraded have it until they are destroyed.';
  const gone = [...former].filter(([volume]) => !present.has(volume));
  const names = new Set(servicesOf(now).map(([name]) => name));
  // At the same place of the same service, or of one that is gone: that was renamed as well.
  const isSame = (use: Use, other: Use) =>
    use.target === other.target && (use.service === other.service || !names.has(other.service));
  const renamed = [...present].flatMap(([volume, uses]): readonly ManifestIssue[] => {
    if (former.has(volume)) return [];
    const use = uses.find((each) => gone.some(([, others]) => others.some((other) => isSame(each, other))));
    const [name] = gone.find(([, others]) => use && others.some((other) => isSame(use, other))) ?? [];
    if (use === undefined || name === undefined) return [];
    return [
      {
        code: 'compose-volume-renamed',
        path: ['volumes', volume],
        parameters: { volume, former: name, ...use, left },
      },
    ];
  });
  const named = new Set(renamed.map(({ parameters }) => parameters?.['former']));
  const services = dynamicServices(now);
  return [
    ...renamed,
    ...gone
      .filter(([volume]) => !named.has(volume))
      .map(([volume]) => ({
        code: 'compose-volume-left' as const,
        path: ['volumes'],
        parameters: { volume, left },
      })),
    ...[...dynamicServices(before)]
      .filter((service) => !services.has(service))
      .map((service) => ({
        code: 'compose-checkout-left' as const,
        path: ['services'],
        parameters: { service },
      })),
    ...(lasted && !lasts
      ? [
          {
            code: 'compose-volumes-end' as const,
            path: [extensionKey, 'metadata', 'persist_volumes'],
            parameters: { playspec },
          },
        ]
      : []),
  ];
}

/** The named volumes that services mount, by their keys. */
function volumesOf(file: unknown): ReadonlyMap<string, readonly Use[]> {
  const found = new Map<string, Use[]>();
  for (const [service, written] of servicesOf(file)) {
    const mounts: readonly unknown[] = Array.isArray(written['volumes']) ? written['volumes'] : [];
    for (const { type, source, target } of mounts.flatMap((entry) => readMount(entry) ?? []))
      if (type === 'volume' && source !== undefined)
        found.set(source, [...(found.get(source) ?? []), { service, target }]);
  }
  return found;
}

function dynamicServices(file: unknown): ReadonlySet<string> {
  const dynamic = servicesOf(file).filter(([, written]) =>
    listLabels(written['labels'], []).some(({ name }) => name === `${labelPrefix}repo_url`),
  );
  return new Set(dynamic.map(([name]) => name));
}

function servicesOf(file: unknown) {
  const services = isRecord(file) && isRecord(file['services']) ? file['services'] : {};
  return Object.entries(services).flatMap(([name, service]) =>
    isRecord(service) ? [[name, service] as const] : [],
  );
}

function persists(file: unknown): boolean {
  const extension = isRecord(file) ? file[extensionKey] : undefined;
  const metadata = isRecord(extension) ? extension['metadata'] : undefined;
  return isRecord(metadata) && metadata['persist_volumes'] === true;
}
