import { visit, type Document, type Scalar } from 'yaml';
import { readYaml, type YamlResult } from '../manifest/read-yaml.ts';

/** Gives a scalar another value before it becomes data; undefined leaves it. Keys of maps are scalars too. */
export type ReplaceScalar = (scalar: Scalar, isKey: boolean) => unknown;

/**
 * Reads a Compose file into plain data, scalars as Docker Compose understands them: `mode: 0440` is an octal number. A
 * fraction keeps its spelling as text, so that `VERSION: 1.10` does not lose its zero; Compose takes text for any number.
 */
export function readCompose(
  text: string,
  file: string,
  replace: ReplaceScalar = () => undefined,
): YamlResult {
  return readYaml(text, file, (document) => adjust(document, replace));
}

function adjust(document: Document.Parsed, replace: ReplaceScalar): void {
  visit(document, {
    Scalar(key, node) {
      const value = replace(node, key === 'key');
      if (value !== undefined) node.value = value;
      else if (typeof node.value === 'number') node.value = readNumber(node);
    },
  });
}

function readNumber({ source, value }: Scalar): unknown {
  if (source === undefined) return value;
  if (/^0[0-7]+$/.test(source)) return Number.parseInt(source, 8);
  // What a number cannot hold is no number: ids would be others.
  return Number.isSafeInteger(value) && !source.includes('.') ? value : source;
}
