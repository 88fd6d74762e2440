import { isMap, isPair, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml';
import { PlayhouseError } from '../errors/playhouse-error.ts';
import type { Problem } from '../errors/problem.ts';
import { formatPath, type ManifestIssue, type ManifestPath } from './manifest-issue.ts';

/** A text that was read as YAML, with what is needed to find places in it. */
export interface LocatedText {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** Gives an issue its place in the text: that of the field, or of the nearest block around it that was written. */
export function locateIssue(text: LocatedText, issue: ManifestIssue): Problem {
  const offset = offsetOf(text.document, issue);
  return problemAt(text.file, text.lines.linePos(offset), issue);
}

/** Fills in the catalogue’s words for an issue whose place is known. Lines and columns start at 1. */
export function problemAt(file: string, place: { line: number; col: number }, issue: ManifestIssue): Problem {
  const { code, message, hint } = new PlayhouseError(issue.code, { file, ...issue.parameters });
  const line = Math.max(1, place.line);
  return { code, file, line, column: Math.max(1, place.col), path: formatPath(issue.path), message, hint };
}

const atTheKey = new Set<string>([
  'manifest-unknown-field',
  'manifest-misplaced-field',
  'manifest-field-moved',
  'manifest-bad-task-name',
  'compose-services-missing',
  'compose-bad-service-name',
  'compose-bad-name',
  'compose-bad-variable-name',
  'compose-unknown-label',
  'compose-variable-unused',
  'compose-denied',
  'compose-warned',
  'compose-volume-renamed',
  'compose-volume-left',
  'compose-checkout-left',
]);

function offsetOf(document: Document.Parsed, { code, path }: ManifestIssue): number {
  let node: unknown = document.contents;
  let offset = start(document.contents) ?? 0;
  for (const [index, part] of path.entries()) {
    const found = child(document, node, part);
    if (found === undefined) break;
    const last = index === path.length - 1;
    if (isPair(found)) {
      node = found.value;
      const empty = isScalar(found.value) && found.value.value === null;
      const key = start(found.key) ?? offset;
      offset = empty || (last && atTheKey.has(code)) ? key : (start(found.value) ?? key);
    } else {
      node = found;
      offset = start(found) ?? offset;
    }
  }
  return offset;
}

function child(
  document: Document.Parsed,
  node: unknown,
  part: ManifestPath[number],
): Node | Pair | undefined {
  const target = resolve(document, node);
  if (isSeq<Node>(target)) return typeof part === 'number' ? target.items[part] : undefined;
  if (!isMap(target)) return undefined;
  const name = String(part);
  const key = (pair: Pair) => (isScalar(pair.key) ? String(pair.key.value) : '');
  return (
    target.items.find((pair) => key(pair) === name) ??
    target.items.find((pair) => fold(key(pair)) === fold(name)) ??
    target.items.find((pair) => key(pair) === olderNames[name])
  );
}

/** Fields that parsing turns into another one. */
const olderNames: Readonly<Record<string, string>> = { accessControl: 'access' };

/** Fields have other accepted spellings (`noSsh`, `timeout_seconds`), which differ only in this. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

function resolve(document: Document.Parsed, node: unknown): unknown {
  const alias = node as { source?: unknown; resolve?: (document: Document) => unknown } | null;
  return typeof alias?.resolve === 'function' ? alias.resolve(document) : node;
}

function start(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
