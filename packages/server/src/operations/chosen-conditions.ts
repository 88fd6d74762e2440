import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { chooseConditions, type ChosenConditions } from '@playhouse/contract/manifest/choose-conditions';
import type { Manifest } from '@playhouse/contract/manifest/manifest';

/**
 * The values of a manifest's init conditions, from what was given and the defaults.
 * @throws PlayhouseError conditions-refused, naming all that is missing or wrong
 */
export function chosenConditions(
  playspec: string,
  manifest: Manifest,
  given: Readonly<Record<string, string>>,
): ChosenConditions {
  const conditions = manifest.playground.initConditions?.values ?? [];
  const { chosen, faults } = chooseConditions(conditions, given);
  if (faults.length === 0) return chosen;
  const [first] = conditions;
  const example = first
    ? `'${first.key}=${first.options?.[0] ?? first.placeholder ?? 'VALUE'}'`
    : 'KEY=VALUE';
  throw new PlayhouseError('conditions-refused', { faults: faults.join('; '), playspec, example });
}
