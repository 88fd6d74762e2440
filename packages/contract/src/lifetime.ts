// How long playgrounds live, as people write it and as the API says it.
import { z } from 'zod';

/** What becomes of a playground when its lifetime is over. */
export const expiryActions = ['destroy', 'stop', 'suspend'] as const;
export type ExpiryAction = (typeof expiryActions)[number];

const unitSeconds = { d: 86_400, h: 3600, m: 60, s: 1 } as const;
const pattern = /^(?=.)(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/;

/** The longest lifetime that can be given: ten years, in seconds. */
export const longestLifetime = 10 * 365 * unitSeconds.d;

/** Seconds of `90m`, `3h`, `2h30m` or `1d12h`; null when it is none of this kind, or nothing at all. */
export function parseLifetime(text: string): number | null {
  const match = pattern.exec(text.trim().toLowerCase());
  if (match === null) return null;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  const total =
    Number(days) * unitSeconds.d +
    Number(hours) * unitSeconds.h +
    Number(minutes) * unitSeconds.m +
    Number(seconds);
  return total >= 1 && total <= longestLifetime ? total : null;
}

/** Seconds as `2h30m`: what parseLifetime reads. */
export function formatLifetime(seconds: number): string {
  let rest = seconds;
  return Object.entries(unitSeconds)
    .map(([unit, size]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count > 0 ? `${count}${unit}` : '';
    })
    .join('');
}

/** A lifetime in seconds, or null for no end. */
export const lifetimeSecondsSchema = z.int().min(1).max(longestLifetime).nullable();
