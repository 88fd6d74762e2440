import { isMap, isScalar, parseDocument } from 'yaml';
import { closest } from '../manifest/closest.ts';

/** Of a manifest of machines; only these decide, for a name or a title says nothing. */
const ofMachines = ['kind', 'playground', 'machines'];
const ofCompose = 'services version networks volumes configs secrets name include models'.split(' ');
const misspelt = [...ofMachines, ...ofCompose, 'x-playgrounds'];

/** Names at the top that are looked at one by one; of a text with more, the first ones are enough. */
const keyLimit = 200;

/**
 * Whether a text is meant as a Compose file: it has `services` at its top and no `kind`, which every other manifest has; or neither of
 * them nor `playground`, and something that only Compose has, well spelt or not, so that it is told what it lacks in the right words.
 * Faulty YAML counts by what its lines begin with.
 */
export function isComposeText(text: string): boolean {
  const lines = [...text.matchAll(/^(["']?)([\w-]+)\1[ \t]*:/gm)].map(([, , key = '']) => key);
  const keys = new Set(lines.length > 0 ? lines : keysOf(text));
  if (keys.has('kind')) return false;
  if (keys.has('services')) return true;
  if (ofMachines.some((key) => keys.has(key))) return false;
  const meant = [...keys].slice(0, keyLimit).map((key) => closest(key, misspelt) ?? '');
  return !meant.some((key) => ofMachines.includes(key)) && meant.some((key) => key !== '');
}

/** Of a text that begins no line with a name, as JSON and other maps in braces do. */
function keysOf(text: string): readonly string[] {
  try {
    const { contents } = parseDocument(text, { logLevel: 'silent', uniqueKeys: false });
    return isMap(contents) ? contents.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')) : [];
  } catch {
    return [];
  }
}
