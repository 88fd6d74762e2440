import { closest } from './closest.ts';
import type { InitConditions } from './init-conditions.ts';
import { matchesPattern } from './matches-pattern.ts';

type Condition = InitConditions['values'][number];

/** The values that hold for a playground, by key. What was left open is not there. */
export type ChosenConditions = Readonly<Record<string, string>>;

export interface Choice {
  readonly chosen: ChosenConditions;
  /** A sentence for each value that is missing or cannot be. Empty: all is well. */
  readonly faults: readonly string[];
}

/**
 * What was chosen, laid over the defaults. An empty value leaves a nullable choice open, also one that has a default.
 */
export function chooseConditions(
  conditions: readonly Condition[],
  given: Readonly<Record<string, string>>,
): Choice {
  const faults = Object.keys(given).flatMap((key) => unknownKey(key, conditions));
  // Keys are anybody’s words: as entries none of them becomes a prototype.
  const chosen: [string, string][] = [];
  for (const condition of conditions) {
    const value = Object.hasOwn(given, condition.key) ? given[condition.key] : condition.default;
    if (value === undefined || (value === '' && condition.nullable)) {
      if (!condition.nullable) faults.push(`\`${condition.key}\` has no value${expectation(condition)}`);
      continue;
    }
    const fault = conditionFault(condition, value);
    if (fault === null) chosen.push([condition.key, value]);
    else faults.push(fault);
  }
  return { chosen: Object.fromEntries(chosen), faults };
}

/** What is wrong with a value for a condition, or null. */
export function conditionFault(condition: Condition, value: string): string | null {
  const { key, options, validationRegex } = condition;
  const wrong =
    (options !== undefined && options.length > 0 && !options.includes(value)) ||
    (validationRegex !== undefined && !matchesPattern(validationRegex, value));
  return wrong ? `\`${key}\` cannot be \`${value.slice(0, 80)}\`${expectation(condition)}` : null;
}

function expectation({ options = [], validationRegex, placeholder }: Condition): string {
  if (options.length > 0) return ` (one of: ${options.join(', ')})`;
  if (placeholder !== undefined) return ` (for example: ${placeholder})`;
  return validationRegex === undefined ? '' : ` (must match ${validationRegex})`;
}

function unknownKey(key: string, conditions: readonly Condition[]): string[] {
  const keys = conditions.map((condition) => condition.key);
  if (keys.includes(key)) return [];
  const near = closest(key, keys);
  return [
    `there is no choice called \`${key.slice(0, 80)}\`${near === undefined ? '' : `, did you mean \`${near}\`?`}`,
  ];
}
