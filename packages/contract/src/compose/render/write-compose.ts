import { Document, isScalar, visit } from 'yaml';
import { escapeDollars } from '../template/fill-in.ts';
import { mapTexts } from './read-rendered.ts';

/** Words that one YAML library or another takes for something else than text. */
const ambiguous = /^(y|n|yes|no|on|off|true|false|null|~|nan|inf)$/i;

/**
 * Writes a final Compose file as YAML. Its values are plain: every dollar sign is doubled here, and nowhere else, so that
 * Docker Compose gives each container exactly what was meant. Keys are not interpolated and stay as they are.
 */
export function writeCompose(data: unknown): string {
  return writeCompiled(mapTexts(data, escapeDollars, (key) => key));
}

/**
 * The same without doubling: for a compiled file, which Docker Compose is yet to interpolate. All texts are quoted, because
 * Compose reads an older YAML, in which `1_000` is a number and `2001-01-01` a time.
 */
export function writeCompiled(data: unknown): string {
  const document = new Document(data, { version: '1.2', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(position, node) {
      if (!isScalar(node) || typeof node.value !== 'string') return;
      const plain =
        position === 'key' && /^[A-Za-z_/][\w./-]*$/.test(node.value) && !ambiguous.test(node.value);
      node.type = plain ? 'PLAIN' : 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0 });
}
