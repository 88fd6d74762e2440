// From the text of a manifest to an immutable Manifest, or to all of its faults at once, each with its place. No I/O.
import type { z } from 'zod';
import type { Problem } from '../errors/problem.ts';
import { checkManifest, type ManifestPurpose } from './check-manifest.ts';
import { explainSchemaIssues } from './explain-schema-issue.ts';
import { healIndentation } from './heal-indentation.ts';
import { locateIssue } from './locate-issue.ts';
import { manifestSchema, type Manifest } from './manifest.ts';
import { formatPath, type ManifestIssue, type ManifestPath } from './manifest-issue.ts';
import { checkAgainstBase, mergeManifest } from './merge-manifest.ts';
import { readYaml } from './read-yaml.ts';

const problemLimit = 100;

/** Finding a place costs time; of a text with more faults than this, the first ones are enough. */
const issueLimit = 1000;

export interface ParseManifestOptions {
  /** Name of the file as the user gave it; shown in every problem. */
  readonly file: string;
  /** The manifest that this one is laid over. The result is then the merged manifest, and that is what is checked. */
  readonly base?: Manifest;
  /** What the manifest is for. Default `start`. */
  readonly purpose?: ManifestPurpose;
}

export type ParseManifestResult =
  | {
      readonly manifest: Manifest;
      /** Gives faults found later in the same manifest (unknown source, unsupported field) their place in the text. */
      readonly locate: (issues: readonly ManifestIssue[]) => readonly Problem[];
      /** What was read in another way than it was written (`manifest-field-moved`). */
      readonly notes: readonly Problem[];
      readonly problems?: undefined;
    }
  | { readonly problems: readonly Problem[]; readonly manifest?: undefined; readonly notes?: undefined };

/** Parses and checks a manifest. Problems come in the order of the text, at most 100 of them. */
export function parseManifest(text: string, options: ParseManifestOptions): ParseManifestResult {
  const read = readYaml(text, options.file);
  if (read.problems !== undefined) return { problems: order(read.problems) };
  const locate = (issues: readonly ManifestIssue[]) =>
    order(issues.slice(0, issueLimit).map((issue) => locateIssue(read.text, issue)));

  const parsed = parseValue(read.value);
  const merged = parsed.manifest === undefined ? undefined : check(parsed.manifest, options);
  const issues = [
    ...parsed.issues,
    ...(merged?.issues ?? []).filter((issue) => !follows(issue, parsed.issues)),
  ];
  if (merged === undefined || issues.length > 0) return { problems: locate(issues) };
  return { manifest: merged.manifest, locate, notes: locate(parsed.moved) };
}

function check(written: Manifest, { base, purpose = 'start' }: ParseManifestOptions) {
  if (base === undefined) return { manifest: written, issues: checkManifest(written, purpose) };
  const manifest = mergeManifest(base, written);
  const own = checkAgainstBase(base, written);
  return { manifest, issues: own.length > 0 ? own : checkManifest(manifest, purpose) };
}

interface ParsedValue {
  readonly manifest?: Manifest;
  readonly issues: readonly ManifestIssue[];
  readonly moved: readonly ManifestIssue[];
}

/** Applies the schema; to a value with faults, after its lost indentation was put right where that can be done. */
function parseValue(value: unknown): ParsedValue {
  const parsed = manifestSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return { manifest: parsed.data, issues: [], moved: [] };
  const { value: healed, moved } = healIndentation(value, manifestSchema);
  if (moved.length === 0) return { ...withoutFaults(value, parsed.error.issues), moved };
  const again = manifestSchema.safeParse(healed, { reportInput: true });
  if (again.success) return { manifest: again.data, issues: [], moved };
  return { ...withoutFaults(healed, again.error.issues), moved };
}

/** Applies the schema again without the faulty fields, so that the rules between fields can be checked in the same run. */
function withoutFaults(
  value: unknown,
  found: readonly z.core.$ZodIssue[],
): { manifest?: Manifest; issues: readonly ManifestIssue[] } {
  const issues = explainSchemaIssues(manifestSchema, found);
  const rest = structuredClone(value);
  for (const { path } of issues) remove(rest, path);
  const retried = manifestSchema.safeParse(rest);
  return retried.success ? { manifest: retried.data, issues } : { issues };
}

function remove(value: unknown, path: ManifestPath): void {
  const key = path.at(-1);
  let parent: unknown = value;
  for (const part of path.slice(0, -1))
    parent = (parent as Record<string | number, unknown> | undefined)?.[part];
  if (typeof key === 'string' && typeof parent === 'object' && parent !== null && !Array.isArray(parent)) {
    delete (parent as Record<string, unknown>)[key];
  }
}

/** Whether a fault may only be there because a faulty field around or inside it was left out. */
function follows(issue: ManifestIssue, causes: readonly ManifestIssue[]): boolean {
  const path = `${formatPath(issue.path)}.`.replaceAll('[', '.[');
  return causes.some((cause) => {
    if (cause.code === 'manifest-unknown-field') return false;
    const other = `${formatPath(cause.path)}.`.replaceAll('[', '.[');
    return cause.path.length < 4 || path.startsWith(other) || other.startsWith(path);
  });
}

function order(problems: readonly Problem[]): readonly Problem[] {
  return [...problems]
    .sort((one, other) => one.line - other.line || one.column - other.column)
    .slice(0, problemLimit);
}
