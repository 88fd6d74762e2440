// Anchors, aliases, merge keys and tags that can be read as YAML and not be made into plain data.
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  visit,
  type Alias,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { closest } from './closest.ts';
import type { ManifestIssue } from './manifest-issue.ts';
import { showValue } from './show-value.ts';

export interface PlacedIssue {
  readonly offset: number;
  readonly issue: ManifestIssue;
}

/** More of them say nothing new; each takes a look at all anchors. */
const issueLimit = 100;
const namespace = 'tag:yaml.org,2002:';
const plainTags = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'merge']);

/**
 * What keeps a document from becoming a finite tree of plain data: aliases without anchor or inside their own, `<<` of what is no map,
 * and tags of dates, sets and the like. An alias means the last anchor of its name before it.
 */
export function checkAliases(document: Document.Parsed): readonly PlacedIssue[] {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  const merges: Pair[] = [];
  const found: PlacedIssue[] = [];
  const tell = (node: unknown, code: ManifestIssue['code'], parameters: ManifestIssue['parameters']) => {
    const offset = (node as Node | null)?.range?.[0] ?? 0;
    if (found.length < issueLimit) found.push({ offset, issue: { code, path: [], parameters } });
  };
  visit(document, {
    Node(place, node, path) {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target === undefined) tell(node, 'manifest-alias-unknown', unknownAlias(node, anchors));
        else if (path.includes(target)) tell(node, 'manifest-alias-cycle', { name: node.source });
        else targets.set(node, target);
        return;
      }
      const { anchor, tag = '' } = node as Node & { anchor?: string };
      const name = tag.startsWith(namespace) ? tag.slice(namespace.length) : undefined;
      if (name !== undefined && (!plainTags.has(name) || (name === 'merge' && place !== 'key')))
        tell(node, 'manifest-unknown-tag', { tag: `!!${showValue(name)}` });
      if (anchor !== undefined) anchors.set(anchor, node);
    },
    Pair(_, pair) {
      if (isMerge(pair.key)) merges.push(pair);
    },
  });
  const resolve = (node: unknown) => (isAlias(node) ? targets.get(node) : node);
  const isKnown = (node: unknown) => !isAlias(node) || targets.has(node);
  for (const { key, value } of merges) {
    const source = resolve(value);
    const items = isSeq(source) ? source.items : [value];
    const sound = items.every((item) => !isKnown(item) || isMap(resolve(item)));
    if (!sound) tell(value ?? key, 'manifest-bad-merge', {});
  }
  return found;
}

/** As the library tells it: text in quotes is an ordinary key. */
function isMerge(key: unknown): boolean {
  if (!isScalar(key) || (key.type !== undefined && key.type !== 'PLAIN')) return false;
  return key.value === '<<' || (typeof key.value === 'symbol' && key.value.description === '<<');
}

function unknownAlias({ source }: Alias, anchors: ReadonlyMap<string, Node>) {
  const near = closest(source, [...anchors.keys()]);
  return { name: source, advice: near === undefined ? '' : `Did you mean \`*${near}\`? ` };
}
