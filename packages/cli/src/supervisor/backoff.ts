const first = 200;
const longest = 5000;
/** A service that ran this long had come up well. */
const steadyAfter = 10_000;

/** Milliseconds to wait before the next start: 0.2 s, doubling to 5 s; from the start again after a steady run. */
export function nextDelay(previous: number | null, ranFor: number): number {
  if (previous === null || ranFor >= steadyAfter) return first;
  return Math.min(longest, previous * 2);
}
