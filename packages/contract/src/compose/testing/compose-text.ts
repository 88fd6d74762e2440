import type { Problem } from '../../errors/problem.ts';
import { type ParseComposeOptions, parseCompose, type ParsedCompose } from '../parse-compose.ts';

// Builders for the tests of this folder: a sound Compose file, and lines to break it with.

/** A file of one service `web` with further lines, which are indented for it, and blocks after the services. */
export const webText = (lines: readonly string[] = [], more: readonly string[] = []) =>
  ['services:', '  web:', '    image: nginx:1.27', ...lines.map((line) => `    ${line}`), ...more, ''].join(
    '\n',
  );

/** The same with labels of our namespace, as `port: 80`. */
export const labelled = (labels: readonly string[], lines: readonly string[] = []) =>
  webText([
    ...(labels.length === 0 ? [] : ['labels:', ...labels.map((label) => `  playgrounds.${label}`)]),
    ...lines,
  ]);

/** Labels that make `web` a service of a repository. */
export const repository = 'repo_url: https://git.example.org/ann/app.git';

export function parsedCompose(text: string, options: Partial<ParseComposeOptions> = {}): ParsedCompose {
  const result = parseCompose(text, { file: 'c.yaml', ...options });
  if (result.problems !== undefined) throw new Error(JSON.stringify(result.problems, null, 2));
  return result;
}

export function composeProblems(
  text: string,
  options: Partial<ParseComposeOptions> = {},
): readonly Problem[] {
  return parseCompose(text, { file: 'c.yaml', ...options }).problems ?? [];
}

/** `code line:column` of each problem. */
export function placesOf(text: string, options: Partial<ParseComposeOptions> = {}): string[] {
  return composeProblems(text, options).map(({ code, line, column }) => `${code} ${line}:${column}`);
}
