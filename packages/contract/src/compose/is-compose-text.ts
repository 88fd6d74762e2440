import { parseDocument, isMap } from 'yaml';

/**
 * Whether a text is meant as a Compose file: it has `services` at its top and no `kind`, which every other manifest has.
 * Faulty YAML counts by what its lines begin with, so that its faults are told in the right words.
 */
export function isComposeText(text: string): boolean {
  const lines = /^["']?services["']?[ \t]*:/m.test(text) && !/^["']?kind["']?[ \t]*:/m.test(text);
  if (lines || !text.includes('services')) return lines;
  try {
    const { contents } = parseDocument(text, { logLevel: 'silent', uniqueKeys: false });
    return isMap(contents) && contents.has('services') && !contents.has('kind');
  } catch {
    return false;
  }
}
