import { advise } from '../../manifest/closest.ts';
import type { ManifestIssue, ManifestPath } from '../../manifest/manifest-issue.ts';
import { isRecord } from '../../manifest/noun.ts';
import { textOf } from '../text-of.ts';
import { hasPlaceholder } from '../template/find-templates.ts';
import { labelPrefix, labelTable, type LabelName, type LabelValues } from './label-table.ts';
import { parseRepository } from './repository.ts';

/** Some forms take more than linear time to tell; nobody needs longer values. */
const longestValue = 4096;

export interface WrittenLabel {
  readonly name: string;
  readonly value: string;
  readonly path: ManifestPath;
}

export interface ReadLabels {
  readonly values: LabelValues;
  /** Where each label stands that was written, also where its value is wrong or not known yet. */
  readonly paths: ReadonlyMap<LabelName, ManifestPath>;
  readonly issues: readonly ManifestIssue[];
}

/** The labels of a service in either form; an entry without `=` has an empty value, as Compose has it. */
export function listLabels(labels: unknown, path: ManifestPath): readonly WrittenLabel[] {
  if (Array.isArray(labels)) {
    return labels.flatMap((entry, index) => {
      if (typeof entry !== 'string') return [];
      const [, name = entry, value = ''] = /^([^=]*)=(.*)$/s.exec(entry) ?? [];
      return [{ name: name.trim(), value, path: [...path, index] }];
    });
  }
  if (!isRecord(labels)) return [];
  return Object.entries(labels).map(([name, value]) => ({
    name,
    value: textOf(value),
    path: [...path, name],
  }));
}

/**
 * The labels of our namespace as typed values, with all that is wrong about them. A value in which a variable is yet to be
 * filled in counts as absent, until it is.
 */
export function readLabels(labels: readonly WrittenLabel[], service: string): ReadLabels {
  const values: Partial<Record<LabelName, unknown>> = {};
  const paths = new Map<LabelName, ManifestPath>();
  const issues: ManifestIssue[] = [];
  for (const { name: whole, value: written, path: at } of labels) {
    if (!whole.startsWith(labelPrefix)) continue;
    const name = whole.slice(labelPrefix.length);
    const value = written.trim();
    if (!isLabelName(name)) issues.push(unknownLabel(name, service, at));
    else if (paths.has(name))
      issues.push({ code: 'compose-label-twice', path: at, parameters: { label: whole, service } });
    else {
      paths.set(name, at);
      if (hasPlaceholder(value)) continue;
      const read = value.length > longestValue ? undefined : labelTable[name].read(value);
      if (read === undefined) issues.push(badLabel(name, value, at));
      else values[name] = read;
    }
  }
  return { values: values as LabelValues, paths, issues };
}

function isLabelName(name: string): name is LabelName {
  return Object.hasOwn(labelTable, name);
}

function unknownLabel(name: string, service: string, path: ManifestPath): ManifestIssue {
  const advice = advise(name, Object.keys(labelTable), 'labels').replaceAll(
    /`(\w+)`/g,
    `\`${labelPrefix}$1\``,
  );
  return { code: 'compose-unknown-label', path, parameters: { label: labelPrefix + name, service, advice } };
}

function badLabel(name: LabelName, value: string, path: ManifestPath): ManifestIssue {
  const label = labelPrefix + name;
  if (name === 'repo_url' && parseRepository(value) === 'credentials')
    return { code: 'compose-repository-password', path, parameters: { label } };
  return {
    code: 'compose-bad-label',
    path,
    parameters: { label, value: shorten(value), form: labelTable[name].form },
  };
}

function shorten(value: string): string {
  const line = value.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
