import { z } from 'zod';

const units = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;
const factors: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/**
 * Reads a size into bytes: `4G`, `4Gi`, `4GiB` and `4GB` are all 4 × 2³⁰ (every unit is binary), a bare number is bytes.
 * Undefined when it is no size or no whole number of bytes.
 */
export function parseSize(input: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?) *([kmgt]?)(?:i?b?)$/i.exec(String(input).trim());
  if (match === null) return undefined;
  const bytes = Number(match[1]) * (factors[(match[2] ?? '').toLowerCase()] ?? Number.NaN);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Writes bytes with the largest unit that loses nothing: `4GiB`, `1536MiB`. */
export function formatSize(bytes: number): string {
  const [unit, factor] = Object.entries(units).findLast(
    ([, value]) => bytes % value === 0 && bytes >= value,
  ) ?? ['B', 1];
  return `${bytes / factor}${unit}`;
}

/** A size field: text with a unit or a number of bytes in, a number of bytes out. Bounds are in bytes, inclusive. */
export function sizeSchema(minimum: number, maximum: number) {
  return z.union([z.string(), z.number()]).transform((value, context) => {
    const bytes = parseSize(value);
    if (bytes === undefined) {
      context.addIssue({ code: 'custom', message: 'manifest-bad-size', input: value });
      return z.NEVER;
    }
    if (bytes < minimum || bytes > maximum) {
      const params = { minimum: formatSize(minimum), maximum: formatSize(maximum) };
      context.addIssue({ code: 'custom', message: 'manifest-size-range', input: value, params });
      return z.NEVER;
    }
    return bytes;
  });
}

export const mebibyte = units.MiB;
export const gibibyte = units.GiB;
