import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

const units = { s: 1, m: 60, h: 3600 } as const;

/**
 * Milliseconds of `90s`, `5m`, `2h30m`, or of a bare number of seconds. `-1` and `0` mean for ever: null.
 * @throws PlayhouseError usage
 */
export function readPeriod(text: string, option: string, command: string): number | null {
  if (/^(-\d+|0[smh]?)$/.test(text)) return null;
  const parts = /^\d+$/.test(text) ? [[text, text, 's'] as const] : [...text.matchAll(/(\d+)([smh])/g)];
  if (parts.map(([whole]) => whole).join('') !== text || text === '') {
    const detail = `--${option} takes a time as 90s, 5m or 2h, not \`${text}\`.`;
    throw new PlayhouseError('usage', { detail, command });
  }
  const seconds = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units],
    0,
  );
  return seconds * 1000;
}
