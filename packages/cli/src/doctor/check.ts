import { toPlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/** What `playhouse doctor` found about one thing. */
export interface CheckResult {
  readonly name: string;
  /** `broken` makes doctor fail; `warning` is worth knowing. */
  readonly verdict: 'good' | 'warning' | 'broken';
  /** What was seen, one line each. */
  readonly found: readonly string[];
  /** Exact command or action that mends it; null when there is nothing to mend. */
  readonly mend: string | null;
}

export type Check = () => Promise<CheckResult | readonly CheckResult[]>;

export function good(name: string, ...found: readonly string[]): CheckResult {
  return { name, verdict: 'good', found, mend: null };
}

export function warning(name: string, found: string, mend: string | null = null): CheckResult {
  return { name, verdict: 'warning', found: [found], mend };
}

export function broken(name: string, found: string, mend: string): CheckResult {
  return { name, verdict: 'broken', found: [found], mend };
}

/**
 * Runs a check; whatever it throws is a finding too, so that one sick part never hides the others. What cannot be asked
 * because the server is down is no fault of its own.
 */
export async function runCheck(name: string, check: Check): Promise<readonly CheckResult[]> {
  try {
    return [await check()].flat();
  } catch (thrown) {
    const error = toPlayhouseError(thrown);
    if (error.code === 'server-unreachable')
      return [warning(name, 'not known while the server does not answer')];
    return [broken(name, error.message, error.hint)];
  }
}
