import { basename, isAbsolute } from 'node:path';
import { compileCompose } from '@playhouse/contract/compose/compile-compose';
import { composeOriginSchema, type ComposeOrigin } from '@playhouse/contract/compose/compose-origin';
import { isComposeText } from '@playhouse/contract/compose/is-compose-text';
import { type ParsedCompose, parseCompose } from '@playhouse/contract/compose/parse-compose';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { formatProblem, type Problem } from '@playhouse/contract/errors/problem';
import { findIgnored } from '@playhouse/contract/manifest/ignored';
import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import { findUnsupported } from '@playhouse/contract/manifest/unsupported';
import type { Playspec } from '@playhouse/contract/playspec';
import { exitStatus } from '../../output/error.ts';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';
import { readManifest } from './read-manifest.ts';

interface Outcome {
  readonly kind: Playspec['kind'];
  /** Faults, which refuse the file. */
  readonly problems: readonly Problem[];
  /** What has no effect, or is let through with a warning. */
  readonly notes: readonly Problem[];
}

/**
 * `playhouse playspec check`: looks at a file alone, so it needs neither server nor token. Exit status 1 when it would be
 * refused.
 */
export async function checkPlayspec(
  context: Context,
  input: { readonly file: string; readonly repository: string | undefined },
): Promise<number | undefined> {
  const { manifest: text, manifestFile: file } = await readManifest(context, input.file);
  const origin = originOf(file, input.repository);
  const outcome = isComposeText(text) ? checkCompose(text, file, origin) : checkMachines(text, file);
  await print(context, { file, ...outcome }, () => render(file, outcome));
  return outcome.problems.length === 0 ? undefined : exitStatus.failed;
}

/** Where the file will be taken from: by the path at which it is here, or its name where that is none of a repository. */
function originOf(file: string, repository: string | undefined): ComposeOrigin | undefined {
  if (repository === undefined) return undefined;
  const path = isAbsolute(file) || file.startsWith('..') ? basename(file) : file;
  const named = { repository, branch: null, commit: '' };
  const found = [path, 'compose.yaml'].map((each) => composeOriginSchema.safeParse({ ...named, path: each }));
  const origin = found.find(({ success }) => success)?.data;
  if (origin !== undefined) return origin;
  const detail = `\`${repository}\` is no address of a Git repository.`;
  throw new PlayhouseError('usage', { detail, command: 'playspec check' });
}

function checkCompose(text: string, file: string, origin: ComposeOrigin | undefined): Outcome {
  const parsed = parseCompose(text, { file, origin });
  const { problems, notes = [] } = parsed;
  if (parsed.problems !== undefined || !needsNothing(parsed))
    return { kind: 'compose', problems: problems ?? [], notes };
  const values = { rootDomain: 'localhost', given: {}, kept: {}, newHex };
  const { problems: filled = [] } = compileCompose(text, { file, origin, ...values });
  return { kind: 'compose', problems: filled, notes };
}

/** Whether it can be started without any value being given: what it is then can be judged now. */
function needsNothing({ variables, interpolations }: ParsedCompose): boolean {
  return (
    Object.values(variables).every((variable) => variable.default !== undefined || variable.random) &&
    interpolations.every(({ hasDefault }) => hasDefault)
  );
}

/** Stands for a random value, of which only the form matters. */
const newHex = (digits: number) => '0'.repeat(digits);

/** As a part, because a base may have what a manifest does not mention. */
function checkMachines(text: string, file: string): Outcome {
  const parsed = parseManifest(text, { file, purpose: 'part' });
  if (parsed.problems !== undefined) return { kind: 'machines', problems: parsed.problems, notes: [] };
  const { manifest, locate, notes } = parsed;
  return {
    kind: 'machines',
    problems: locate(findUnsupported(manifest)),
    notes: [...notes, ...locate(findIgnored(manifest))],
  };
}

function render(file: string, { kind, problems, notes }: Outcome): string {
  const what = kind === 'compose' ? 'Compose file' : 'manifest';
  const verdict =
    problems.length === 0
      ? `${file} is a sound ${what}.`
      : `${file} is a ${what} that would be refused; problems found: ${problems.length}.`;
  const lines = [
    ...problems.map((problem) => `error: ${formatProblem(problem)}`),
    ...notes.map((note) => `note: ${formatProblem(note)}`),
  ];
  return `${[...lines, verdict].join('\n')}\n`;
}
