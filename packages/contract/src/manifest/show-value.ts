// How errors speak of values and their types.

/** What a value should be, by the name that schemas have for its type, and how to write that. */
export const kinds: Readonly<Record<string, { name: string; advice: string }>> = {
  string: { name: 'text', advice: 'Write text; put quotes around numbers, `true` and `false`.' },
  number: { name: 'a whole number', advice: 'Write digits without quotes, fraction or unit.' },
  int: { name: 'a whole number', advice: 'Write digits without quotes, fraction or unit.' },
  integer: { name: 'a whole number', advice: 'Write digits without quotes, fraction or unit.' },
  boolean: { name: 'true or false', advice: 'Write `true` or `false` without quotes.' },
  array: { name: 'a list', advice: 'Begin each entry on its own line with `- `.' },
  object: { name: 'a block of fields', advice: 'Write `field: value` lines, indented below it.' },
  record: { name: 'a block of named entries', advice: 'Write `name:` lines, indented below it.' },
};

/** What was found instead, for people. */
export function describeValue(input: unknown): string {
  if (input === null) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a block of fields';
  return typeof input === 'string' ? `the text \`${showValue(input)}\`` : `\`${showValue(input)}\``;
}

/** A value as quoted in a message: one line, not too long. */
export function showValue(input: unknown): string {
  const text = (typeof input === 'string' ? input : (JSON.stringify(input) ?? '')).replaceAll(/\s+/g, ' ');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
