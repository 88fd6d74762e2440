// Files of the form of `.env.example`. Nothing is interpolated: a dollar sign in them is a dollar sign.
import type { Problem } from '../../errors/problem.ts';
import { problemAt } from '../../manifest/locate-issue.ts';

export interface EnvironmentFile {
  /** In the order of the file; of a name that is written twice, the last value. */
  readonly variables: ReadonlyMap<string, string>;
  /** Lines that are none, which are left out. */
  readonly problems: readonly Problem[];
}

/**
 * Reads `NAME=value` lines, with `export` before them or not. Blank lines and `#` lines are skipped. A bare value ends
 * before ` #` and loses blanks around it; a value in single quotes is taken as it is, one in double quotes knows `\n`, `\r`,
 * `\t`, `\"` and `\\`. Quoted values may go over several lines.
 */
export function parseEnvironmentFile(text: string, file: string): EnvironmentFile {
  const variables = new Map<string, string>();
  const problems: Problem[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const refuse = (index: number, detail: string) => {
    const issue = { code: 'compose-bad-environment-line', path: [], parameters: { detail } } as const;
    problems.push(problemAt(file, { line: index + 1, col: 1 }, issue));
  };
  for (let index = 0; index < lines.length; index++) {
    const line = (lines[index] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name, rest] = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/s.exec(line) ?? [];
    if (name === undefined || rest === undefined) {
      refuse(
        index,
        line.includes('=') ? 'the name has other characters than letters, digits and `_`' : 'there is no `=`',
      );
      continue;
    }
    if (!/^["']/.test(rest)) {
      variables.set(name, rest.replace(/(^|\s+)#.*$/, '').trimEnd());
      continue;
    }
    const first = (lines[index] ?? '').slice((lines[index] ?? '').indexOf('=') + 1).trimStart();
    const quoted = readQuoted([first, ...lines.slice(index + 1)].join('\n'));
    if (quoted === undefined) {
      refuse(index, 'the quotes are not closed, or something follows them');
      continue;
    }
    variables.set(name, quoted.value);
    index += quoted.lineBreaks;
  }
  return { variables, problems };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** Reads a quoted value at the start of a text; after it only blanks and a comment may stand on its line. */
function readQuoted(text: string): { readonly value: string; readonly lineBreaks: number } | undefined {
  const double = /^"((?:[^"\\]|\\[^])*)"[ \t]*(?:#.*)?(?=\n|$)/.exec(text);
  const single = /^'([^']*)'[ \t]*(?:#.*)?(?=\n|$)/.exec(text);
  const [whole = '', body] = double ?? single ?? [];
  if (body === undefined) return undefined;
  const value =
    double === null ? body : body.replaceAll(/\\([^])/g, (pair, letter: string) => escapes[letter] ?? pair);
  return { value, lineBreaks: whole.split('\n').length - 1 };
}
