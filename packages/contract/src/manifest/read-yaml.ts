import { isScalar, LineCounter, parseDocument, visit, type Document, type YAMLError } from 'yaml';
import type { Problem } from '../errors/problem.ts';
import { checkAliases } from './check-aliases.ts';
import { problemAt, type LocatedText } from './locate-issue.ts';
import type { ManifestErrorCode, ManifestIssue } from './manifest-issue.ts';
import { showValue } from './show-value.ts';
import { formatSize, mebibyte } from './size.ts';

const sizeLimit = mebibyte;
const aliasLimit = 100;
/** Levels of the data, aliases unfolded. What reads them recurses. */
const depthLimit = 500;

export type YamlResult =
  | { readonly text: LocatedText; readonly value: unknown; readonly problems?: undefined }
  | { readonly problems: readonly Problem[] };

/**
 * Reads text as one YAML 1.2 document (so JSON too) into plain data. All syntax errors are reported, each at its place.
 * Text over 1 MiB is refused unread; aliases may unfold at most a hundred times. `adjust` may change the values of scalars
 * before they become data; their places stay.
 */
export function readYaml(
  text: string,
  file: string,
  adjust: (document: Document.Parsed) => void = keepSpelling,
): YamlResult {
  const refuse = (code: ManifestErrorCode, parameters: ManifestIssue['parameters'] = {}) => ({
    problems: [problemAt(file, { line: 1, col: 1 }, { code, path: [], parameters })],
  });
  const size = new TextEncoder().encode(text).length;
  if (size > sizeLimit)
    return refuse('manifest-too-large', { size: roundMebibytes(size), limit: formatSize(sizeLimit) });
  try {
    return parseText(text, file, adjust);
  } catch (error) {
    // The YAML library recurses: nesting beyond the stack ends here.
    if (error instanceof RangeError) return refuse('manifest-too-deep');
    if (!(error instanceof ReferenceError)) throw error;
    const bomb = error.message.includes('Excessive alias');
    return bomb
      ? refuse('manifest-alias-bomb', { limit: aliasLimit })
      : refuse('manifest-syntax', { detail: error.message });
  }
}

function parseText(text: string, file: string, adjust: (document: Document.Parsed) => void): YamlResult {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    uniqueKeys: false, // see duplicateKeys: the library's own check takes seconds on large maps
    stringKeys: true,
    merge: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const at = (offset: number, issue: ManifestIssue) => problemAt(file, lines.linePos(offset), issue);
  const faults = [
    ...document.errors.map((error) => at(error.pos[0], syntaxIssue(error))),
    ...document.warnings
      .filter(({ code }) => code === 'TAG_RESOLVE_FAILED')
      .map(({ pos: [begin, end] }) => {
        const parameters = { tag: showValue(text.slice(begin, end)) };
        return at(begin, { code: 'manifest-unknown-tag', path: [], parameters });
      }),
    ...duplicateKeys(document).map((offset) =>
      at(offset, { code: 'manifest-duplicate-key', path: [], parameters: {} }),
    ),
    ...checkAliases(document).map(({ offset, issue }) => at(offset, issue)),
  ];
  if (faults.length > 0) return { problems: faults };
  adjust(document);
  const value: unknown = document.toJS({ maxAliasCount: aliasLimit });
  if (isDeeper(value, depthLimit, new Map()))
    return {
      problems: [
        problemAt(file, { line: 1, col: 1 }, { code: 'manifest-too-deep', path: [], parameters: {} }),
      ],
    };
  const empty = { code: 'manifest-empty', path: [], parameters: {} } as const;
  return value === null
    ? { problems: [problemAt(file, { line: 1, col: 1 }, empty)] }
    : { text: { file, document, lines }, value };
}

/** Whether data goes down more levels than are left. What several aliases share is looked at again only further down. */
function isDeeper(value: unknown, left: number, seen: Map<object, number>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  if ((seen.get(value) ?? Infinity) <= left) return false;
  seen.set(value, left);
  return Object.values(value).some((item) => isDeeper(item, left - 1, seen));
}

/** Where keys stand that their map already has, as offsets. */
function duplicateKeys(document: Document.Parsed): number[] {
  const offsets: number[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) offsets.push(key.range?.[0] ?? 0);
        seen.add(key.value);
      }
    },
  });
  return offsets;
}

/** A number that is not written as we would write it (5.10, 0644) is text that lost its quotes: keep what was written. */
function keepSpelling(document: Document.Parsed): void {
  visit(document, {
    Scalar(_, node) {
      const { source, value } = node;
      if (
        typeof value === 'number' &&
        source !== undefined &&
        (source !== String(value) || !Number.isInteger(value))
      ) {
        node.value = source;
      }
    },
  });
}

function syntaxIssue({ code, message }: YAMLError): ManifestIssue {
  const detail = message.replace(/\.$/, '');
  if (code === 'MULTIPLE_DOCS') return { code: 'manifest-many-documents', path: [], parameters: {} };
  return { code: 'manifest-syntax', path: [], parameters: { detail } };
}

function roundMebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)}MiB`;
}

/** All values are the texts that are written, nothing is the empty one: another way to `adjust`. */
export function asWritten(document: Document.Parsed): void {
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value !== 'string') node.value = node.source ?? '';
    },
  });
}
