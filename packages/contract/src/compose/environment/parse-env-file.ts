// Files of the form of `.env.example`. Nothing is interpolated: a dollar sign in them is a dollar sign.
import type { Problem } from '../../errors/problem.ts';
import { problemAt } from '../../manifest/locate-issue.ts';
import type { ManifestIssue } from '../../manifest/manifest-issue.ts';

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
  const whole = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  let line = 0;
  for (let position = 0; position < whole.length;) {
    const read = readLine(whole, position);
    line++;
    if (read.value.includes('\0')) {
      const nul = whole.indexOf('\0', position);
      const before = whole.slice(position, nul).split('\n');
      const place = { line: line + before.length - 1, col: (before.at(-1) ?? '').length + 1 };
      problems.push(problemAt(file, place, badLine('there is a NUL in it, which no variable can have')));
    } else if (read.name !== undefined) variables.set(read.name, read.value);
    else if (read.fault !== undefined) problems.push(problemAt(file, { line, col: 1 }, badLine(read.fault)));
    line += read.lineBreaks;
    position = read.next;
  }
  return { variables, problems };
}

function badLine(detail: string): ManifestIssue {
  return { code: 'compose-bad-environment-line', path: [], parameters: { detail } };
}

interface ReadLine {
  readonly name?: string;
  readonly value: string;
  readonly fault?: string;
  /** Line breaks within the value. */
  readonly lineBreaks: number;
  /** Where the next line begins. */
  readonly next: number;
}

function readLine(text: string, start: number): ReadLine {
  const end = endOfLine(text, start);
  const line = text.slice(start, end);
  const nothing = { value: '', lineBreaks: 0, next: end + 1 };
  if (/^\s*(#|$)/.test(line)) return nothing;
  const [head, name] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=[^\S\n]*/.exec(line) ?? [];
  if (head === undefined || name === undefined) {
    const named = line.includes('=');
    const fault = named ? 'the name has other characters than letters, digits and `_`' : 'there is no `=`';
    return { ...nothing, fault };
  }
  const rest = line.slice(head.length);
  if (!/^["']/.test(rest)) return { ...nothing, name, value: withoutComment(rest).trim() };
  const quoted = readQuoted(text, start + head.length);
  return quoted === undefined
    ? { ...nothing, fault: 'the quotes are not closed, or something follows them' }
    : { name, ...quoted };
}

function withoutComment(rest: string): string {
  const start = rest.search(/(^|\s)#/);
  return start < 0 ? rest : rest.slice(0, start);
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** Reads a quoted value, perhaps over several lines; after it only blanks and a comment may stand on its line. */
function readQuoted(text: string, start: number): Omit<ReadLine, 'name' | 'fault'> | undefined {
  const pattern = text[start] === '"' ? /"((?:[^"\\]|\\[^])*)"/y : /'([^']*)'/y;
  pattern.lastIndex = start;
  const [whole, body = ''] = pattern.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const end = endOfLine(text, start + whole.length);
  if (!/^\s*(#.*)?$/.test(text.slice(start + whole.length, end))) return undefined;
  const value = whole.startsWith("'")
    ? body
    : body.replaceAll(/\\([^])/g, (pair, letter: string) => escapes[letter] ?? pair);
  return { value, lineBreaks: whole.split('\n').length - 1, next: end + 1 };
}
