// Variables as people may see them, in previews and reports alike.
import { hideInText } from '@playhouse/contract/compose/environment/hide-secrets';
import { isSecretName, maskedValue, maskValue } from '@playhouse/contract/compose/environment/mask-value';
import type { ServiceVariable } from '@playhouse/contract/compose/environment/resolve-variables';
import type { ChosenValue } from '@playhouse/contract/compose/template/choose-values';
import type { SecretMask } from './secret-mask.ts';

/** Of a service. */
export function shownVariables(variables: readonly ServiceVariable[], mask: SecretMask): ServiceVariable[] {
  return variables.map((variable) => ({ ...variable, value: shown(variable, mask) }));
}

/** Of a Compose file. */
export function shownValues(values: readonly ChosenValue[], mask: SecretMask): ChosenValue[] {
  return values.map((each) => {
    const secret = each.secret || each.source === 'random' || isSecretName(each.name);
    return { ...each, secret, value: shown({ ...each, secret }, mask) };
  });
}

/** Of one that is not secret as a whole, an address for example, what is secret in it is hidden. */
function shown(variable: { readonly value: string; readonly secret: boolean }, mask: SecretMask): string {
  return mask.text(hideInText(maskValue(variable), () => maskedValue));
}
