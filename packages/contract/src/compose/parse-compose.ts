// From the text of a Compose file to what its services are, or to all of its faults at once, each with its place. No I/O.
import type { Problem } from '../errors/problem.ts';
import { deepFreeze } from '../manifest/deep-readonly.ts';
import { explainSchemaIssues } from '../manifest/explain-schema-issue.ts';
import { type LocatedText, locateIssue } from '../manifest/locate-issue.ts';
import type { ManifestIssue } from '../manifest/manifest-issue.ts';
import { formatPath } from '../manifest/manifest-issue.ts';
import { isRecord } from '../manifest/noun.ts';
import { checkIncludes } from './bases/check-includes.ts';
import { checkBeside } from './check-beside.ts';
import { checkCarriedOut } from './check-carried-out.ts';
import { checkInterpolations } from './check-interpolations.ts';
import { checkReferences } from './check-references.ts';
import { checkShape } from './check-shape.ts';
import { checkTogether } from './check-together.ts';
import type { ComposeOrigin } from './compose-origin.ts';
import { findInterpolations, type Interpolation } from './find-interpolations.ts';
import { planServices } from './plan/plan-services.ts';
import { type ServiceNeed, serviceNeeds } from './plan/service-needs.ts';
import type { ServicePlan } from './plan/service-plan.ts';
import { findingToIssue } from './policy/finding.ts';
import type { HostPolicy } from './policy/host-policy.ts';
import { lintCompose } from './policy/lint-compose.ts';
import { contextOfText } from './policy/lint-context.ts';
import { readCompose } from './read-compose.ts';
import { checkVariables, type Variables } from './template/check-variables.ts';
import { type ComposeMetadata, extensionKey, extensionSchema } from './template/extension.ts';
import { findTemplateUses, type TemplateUse } from './template/find-templates.ts';
import { noteLiteralTemplates } from './template/literal-templates.ts';

export interface ParseComposeOptions {
  /** Name of the file as the user gave it; shown in every problem. */
  readonly file: string;
  /** What the playroom lets Compose files do. Default: every rule at its default. */
  readonly policy?: HostPolicy;
  /** Where the file was taken from; absent for one that was given as a text. */
  readonly origin?: ComposeOrigin | undefined;
  /** Every playground of it is a job, whatever the file says. */
  readonly jobMode?: boolean;
}

export interface ParsedCompose {
  /** As far as it can be told while values of variables are missing; what counts is the plan of the rendered file. */
  readonly plan: ServicePlan;
  /** What services cannot be without, whichever profiles are chosen. */
  readonly needs: readonly ServiceNeed[];
  readonly metadata: ComposeMetadata;
  readonly variables: Variables;
  readonly uses: readonly TemplateUse[];
  /** What the environment of Docker Compose is asked for. */
  readonly interpolations: readonly Interpolation[];
  /** Gives faults found later in the same file their place in the text. */
  readonly locate: (issues: readonly ManifestIssue[]) => readonly Problem[];
  /** What is let through with a warning, or has no effect. */
  readonly notes: readonly Problem[];
  readonly problems?: undefined;
}

export type ParseComposeResult =
  | ParsedCompose
  | { readonly problems: readonly Problem[]; readonly plan?: undefined; readonly notes?: undefined };

const problemLimit = 100;

/** Finding a place costs time; of a text with more faults than this, the first ones are enough. */
const issueLimit = 1000;

/** Parses and checks a Compose file. Problems come in the order of the text, at most 100 of them. */
export function parseCompose(text: string, options: ParseComposeOptions): ParseComposeResult {
  const read = readCompose(text, options.file);
  if (read.problems !== undefined) return { problems: inOrder(read.problems) };
  const checked = checkCompose(read.text, read.value, options);
  if (checked.problems !== undefined) return checked;
  // Only of the text as it was written: where values are filled in, they are nobody's to read.
  const literal = checked.locate(noteLiteralTemplates(read.value));
  return { ...checked, notes: inOrder([...checked.notes, ...literal]) };
}

/** The same for data that was read already, perhaps with values filled in. */
export function checkCompose(
  located: LocatedText,
  value: unknown,
  options: ParseComposeOptions,
): ParseComposeResult {
  const locate = (issues: readonly ManifestIssue[]) =>
    inOrder(issues.slice(0, issueLimit).map((issue) => locateIssue(located, issue)));
  const extension = readExtension(value);
  const idle = checkCarriedOut(value).slice(0, issueLimit);
  const shape = withoutFollowers(checkShape(value).slice(0, issueLimit), idle);
  const causes = [...idle, ...shape].slice(0, issueLimit);
  const uses = findTemplateUses(value);
  const { variables = {}, metadata = noMetadata } = extension.value ?? {};
  const jobMode = options.jobMode ?? metadata.job_mode;
  const { origin } = options;
  const { plan, issues } = planServices(value, { jobMode, origin });
  const policy = lintCompose(value, contextOfText(options.policy ?? {}, origin)).map(findingToIssue);
  const interpolations = findInterpolations(value);
  const found = [
    ...idle,
    ...shape,
    ...withoutFollowers(checkReferences(value), causes),
    ...extension.issues,
    ...checkIncludes(value),
    ...checkInterpolations(value),
    ...(extension.value === undefined ? [] : checkVariables(variables, uses, value)),
    ...withoutFollowers(
      [...issues, ...policy, ...checkTogether(value, variables), ...checkBeside(value, plan, options)].slice(
        0,
        issueLimit,
      ),
      causes,
    ),
  ];
  const faults = found.filter(({ code }) => !isNote(code));
  if (faults.length > 0) return { problems: locate(faults) };
  const needs = serviceNeeds(value);
  const notes = locate([...found, ...interpolationNotes(interpolations), ...idleMetadata(metadata)]);
  return deepFreezeData({ plan, needs, metadata, variables, uses, interpolations }, { locate, notes });
}

const noteCodes = [
  'compose-warned',
  'compose-label-idle',
  'compose-interpolation',
  'compose-idle',
  'compose-nothing-beside',
];

function isNote(code: string): boolean {
  return noteCodes.includes(code);
}

const noMetadata: ComposeMetadata = { job_mode: false, persist_volumes: false };

function readExtension(file: unknown) {
  const block = isRecord(file) ? file[extensionKey] : undefined;
  if (block === undefined || block === null) return { value: {}, issues: [] };
  const parsed = extensionSchema.safeParse(block, { reportInput: true });
  if (parsed.success) return { value: parsed.data, issues: [] };
  const issues = explainSchemaIssues(extensionSchema, parsed.error.issues);
  return {
    value: undefined,
    issues: issues.map((issue) => ({ ...issue, path: [extensionKey, ...issue.path] })),
  };
}

/** A field that is not carried out, or a fault of the shape, explains what else is found at its place. */
function withoutFollowers(
  issues: readonly ManifestIssue[],
  causes: readonly ManifestIssue[],
): readonly ManifestIssue[] {
  if (causes.length === 0) return issues;
  const places = causes.map(({ path }) => `${formatPath(path)}.`.replaceAll('[', '.['));
  return issues.filter(({ path }) => {
    const place = `${formatPath(path)}.`.replaceAll('[', '.[');
    return !places.some((cause) => place.startsWith(cause) || cause === 'services.');
  });
}

function interpolationNotes(interpolations: readonly Interpolation[]): readonly ManifestIssue[] {
  return interpolations
    .filter(({ hasDefault }) => !hasDefault)
    .map(({ name, path }) => ({ code: 'compose-interpolation', path, parameters: { name } }));
}

function idleMetadata(metadata: ComposeMetadata): readonly ManifestIssue[] {
  return (['source_defaults', 'schedule_config', 'trigger_config'] as const)
    .filter((field) => metadata[field] !== undefined)
    .map((field) => ({
      code: 'compose-idle',
      path: [extensionKey, 'metadata', field],
      parameters: { field },
    }));
}

function deepFreezeData<Data, Rest>(data: Data, rest: Rest): Data & Rest {
  deepFreeze(data);
  return { ...data, ...rest };
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems
    .toSorted((one, other) => one.line - other.line || one.column - other.column)
    .slice(0, problemLimit);
}
