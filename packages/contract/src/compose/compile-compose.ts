import type { Problem } from '../errors/problem.ts';
import type { ManifestIssue } from '../manifest/manifest-issue.ts';
import { checkCompose, parseCompose, type ParseComposeOptions, type ParsedCompose } from './parse-compose.ts';
import { readCompose } from './read-compose.ts';
import { chooseValues, type ChosenValue, type GivenValues } from './template/choose-values.ts';
import { fillInLabels } from './template/fill-in-labels.ts';
import { fillInPlaces, fillInTexts } from './template/fill-in.ts';

export interface CompileComposeOptions extends ParseComposeOptions, GivenValues {
  /** What `$$root_domain` stands for. */
  readonly rootDomain: string;
}

export type CompileComposeResult =
  | (Omit<ParsedCompose, 'variables' | 'uses' | 'problems'> & {
      /** The file without templates and `x-playgrounds`, as data, for Docker Compose to render. */
      readonly compiled: unknown;
      /** The value of each variable, and where it is from. */
      readonly values: readonly ChosenValue[];
      /** Those that were made now or before: keep them with the playground, and give them as `kept` next time. */
      readonly generated: Readonly<Record<string, string>>;
      /** What Docker Compose interpolates: those of the given values that no variable of the file is named after. */
      readonly environment: Readonly<Record<string, string>>;
      readonly problems?: undefined;
    })
  | { readonly problems: readonly Problem[]; readonly compiled?: undefined };

/**
 * Fills in a Compose file for one playground: templates inside texts first, then the places that variables name. What comes
 * out is checked again, for only now it is known what labels say.
 */
export function compileCompose(text: string, options: CompileComposeOptions): CompileComposeResult {
  const { file, rootDomain } = options;
  const parsed = parseCompose(text, options);
  if (parsed.problems !== undefined) return parsed;
  const { variables, uses, locate } = parsed;
  const { environment, templates: given } = divide(options.given, parsed);
  const { chosen, issues } = chooseValues(variables, uses, { ...options, given });
  if (issues.length > 0) return { problems: locate(issues) };
  const fillIn = { chosen, rootDomain };
  const read = readCompose(text, file, fillInTexts(fillIn));
  if (read.problems !== undefined) return read;
  const compiled = fillInLabels(fillInPlaces(read.value, variables, fillIn), environment);
  const jobMode = options.jobMode ?? parsed.metadata.job_mode;
  const checked = checkCompose(read.text, compiled, { ...options, jobMode });
  if (checked.problems !== undefined) return checked;
  const { plan, needs, interpolations, notes } = checked;
  const missing = interpolations.filter(
    ({ name, hasDefault }) => !hasDefault && !Object.hasOwn(environment, name),
  );
  if (missing.length > 0)
    return {
      problems: checked.locate(
        missing.map(({ name, path, message }) => ({
          code: 'compose-variable-missing',
          path,
          parameters: { name, title: message ?? name },
        })),
      ),
    };
  const asWritten = parsed.notes.filter(({ code }) => code === 'compose-literal-template');
  const random = chosen.filter(({ source }) => source === 'random');
  return {
    ...{ plan, needs, interpolations, environment, compiled, values: chosen, metadata: parsed.metadata },
    locate: (later: readonly ManifestIssue[]) => checked.locate(later),
    notes: notes.length === 0 ? parsed.notes : [...notes, ...asWritten],
    generated: Object.fromEntries(random.map(({ name, value }) => [name, value])),
  };
}

/** A file asks for values in two ways: as variables of its templates, and as the environment of Docker Compose. */
function divide(
  given: Readonly<Record<string, string>>,
  { variables, interpolations }: Pick<ParsedCompose, 'variables' | 'interpolations'>,
) {
  const interpolated = new Set(interpolations.map(({ name }) => name));
  const entries = Object.entries(given);
  const isInterpolated = ([name]: readonly [string, string]) =>
    interpolated.has(name) && !Object.hasOwn(variables, name);
  return {
    environment: Object.fromEntries(entries.filter((entry) => isInterpolated(entry))),
    templates: Object.fromEntries(entries.filter((entry) => !isInterpolated(entry))),
  };
}
