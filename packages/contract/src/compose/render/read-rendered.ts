import { isRecord } from '../../manifest/noun.ts';

export type ComposeData = Readonly<Record<string, unknown>>;

/**
 * Reads what `docker compose config --format json` printed. Compose doubles every dollar sign of its output, in keys too;
 * here each is one again, so that everybody after this works on plain values. writeCompose doubles them, once.
 * @throws SyntaxError or TypeError when it is no JSON object: then it is not the output of that command
 */
export function readRendered(json: string): ComposeData {
  const data = mapTexts(JSON.parse(json), single, single);
  if (!isRecord(data)) throw new TypeError('the rendered Compose file is no object');
  return data;
}

/** Each doubled dollar sign as one. */
export function single(text: string): string {
  return text.replaceAll('$$', () => '$');
}

/** The data with all its texts and keys passed through functions. */
export function mapTexts(
  value: unknown,
  text: (value: string) => string,
  key: (value: string) => string,
): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, text, key));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [key(name), mapTexts(item, text, key)]),
  );
}
