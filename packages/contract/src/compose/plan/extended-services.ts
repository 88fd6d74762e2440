// What services inherit from others of the same file by `extends`, as far as it decides what they are. Docker Compose resolves it all
// later; what another file has is not known here.
import { isRecord } from '../../manifest/noun.ts';
import { extendsOf } from '../bases/extends-of.ts';
import { listLabels, type WrittenLabel } from '../labels/read-labels.ts';

type Written = Readonly<Record<string, unknown>>;

export interface ExtendedService {
  readonly name: string;
  readonly written: Written;
  /** Each where it was written: in this service, or in one that it extends. */
  readonly labels: readonly WrittenLabel[];
}

/** Longer chains are nobody’s, and a circle has no end. */
const longestChain = 20;

export function extendedServices(
  services: readonly (readonly [string, Written])[],
): readonly ExtendedService[] {
  const byName = new Map(services);
  return services.map(([name]) => extended(name, byName, longestChain));
}

function extended(name: string, services: ReadonlyMap<string, Written>, left: number): ExtendedService {
  const { extends: _extends, ...own } = services.get(name) ?? {};
  const from = extendsOf(services.get(name));
  const labels = listLabels(own['labels'], ['services', name, 'labels']);
  const whole = { name, written: services.get(name) ?? {}, labels };
  if (from === null || from.file !== null || !services.has(from.service) || left === 0) return whole;
  const inherited = extended(from.service, services, left - 1);
  const ours = new Set(labels.map((label) => label.name));
  return {
    name,
    written: merged(inherited.written, own),
    labels: [...inherited.labels.filter((label) => !ours.has(label.name)), ...labels],
  };
}

function merged(base: Written, own: Written): Written {
  const blocks = ['build', 'healthcheck'].flatMap((field) => {
    const [before, after] = [blockOf(base[field]), blockOf(own[field])];
    return before === null || after === null ? [] : [[field, { ...before, ...after }] as const];
  });
  const lists = ['profiles', 'ports'].flatMap((field) => {
    const both = [base[field], own[field]].flatMap((list) =>
      Array.isArray(list) ? (list as unknown[]) : [],
    );
    return both.length === 0 ? [] : [[field, both] as const];
  });
  return { ...base, ...own, ...Object.fromEntries([...blocks, ...lists]) };
}

/** A build may be given by its context alone. */
function blockOf(value: unknown): Written | null {
  if (typeof value === 'string') return { context: value };
  return isRecord(value) ? value : null;
}
