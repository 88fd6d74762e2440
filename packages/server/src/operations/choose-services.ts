import type { ParsedCompose } from '@playhouse/contract/compose/parse-compose';
import { checkChosen } from '@playhouse/contract/compose/plan/check-chosen';
import { chosenServices } from '@playhouse/contract/compose/plan/chosen-services';
import type { ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import { invalid } from '../catalog/compose-manifest.ts';

/**
 * What of a Compose file runs with these profiles.
 * @throws PlayhouseError manifest-invalid, when what runs needs what does not
 */
export function chooseServices(
  parsed: Pick<ParsedCompose, 'plan' | 'needs' | 'locate'>,
  file: string,
  profiles: readonly string[],
): ServicePlan {
  const faults = parsed.locate(checkChosen(parsed, profiles));
  if (faults.length > 0) throw invalid(file, faults);
  return chosenServices(parsed.plan, profiles);
}
