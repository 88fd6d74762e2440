import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { errorCatalogue, isErrorCode } from './catalogue.ts';

const packages = fileURLToPath(new URL('../../..', import.meta.url));

/** Cuts the inside of the bracket that `text` begins with at its commas; brackets and strings within stay whole. */
function entriesOf(text: string): string[] {
  const entries = [''];
  let depth = 0;
  for (const [token] of text.matchAll(/'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|[^]/g)) {
    if (/^[)\]}]$/.test(token)) depth--;
    if (depth === 0 && entries.join('') !== '') break;
    if (depth === 1 && token === ',') entries.push('');
    else if (depth > 0) entries[entries.length - 1] += token;
    if (/^[([{]$/.test(token)) depth++;
  }
  return entries.map((entry) => entry.trim()).filter(Boolean);
}

function placeholdersOf(code: string): string[] {
  if (!isErrorCode(code)) return [];
  const { message, hint } = errorCatalogue[code];
  return [...`${message} ${hint}`.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

/** The placeholders that the literal calls in a source leave unfilled, as `code: name`. */
function unfilledIn(source: string): string[] {
  return [...source.matchAll(/new PlayhouseError\(\s*'([\w-]+)'\s*([,)])\s*/g)].flatMap((match) => {
    const [whole, code = '', next] = match;
    const rest = source.slice(match.index + whole.length);
    if (next === ',' && !/^[{)]/.test(rest)) return [];
    const entries = next === ',' && rest.startsWith('{') ? entriesOf(rest) : [];
    if (entries.some((entry) => entry.startsWith('...'))) return [];
    const given = new Set(entries.map((entry) => /^\w+/.exec(entry)?.[0]));
    return placeholdersOf(code)
      .filter((name) => !given.has(name))
      .map((name) => `${code}: ${name}`);
  });
}

test('the search sees calls without parameters, with some, and over several lines', () => {
  expect(unfilledIn("new PlayhouseError('source-not-baked')")).toEqual([
    'source-not-baked: source',
    'source-not-baked: source',
  ]);
  expect(
    unfilledIn("new PlayhouseError('source-unknown', { source: f({ known: 1, a: '},' }) }, { cause })"),
  ).toEqual(['source-unknown: known']);
  expect(
    unfilledIn("new PlayhouseError(\n'source-unknown',\n{\n source,\n known: `{${a}`,\n}, {\n cause })"),
  ).toEqual([]);
  expect(unfilledIn("new PlayhouseError('source-unknown', parameters)")).toEqual([]);
});

test('whoever throws an error fills in all of its words', () => {
  const files = globSync('*/src/**/*.ts', { cwd: packages }).filter((file) => !file.endsWith('.test.ts'));
  const unfilled = files.flatMap((file) =>
    unfilledIn(readFileSync(`${packages}/${file}`, 'utf8')).map((fault) => `${file}: ${fault}`),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(unfilled).toEqual([]);
});
