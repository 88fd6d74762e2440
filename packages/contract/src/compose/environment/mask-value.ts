/** Whether the value of a variable of this name is hidden from view. */
export function isSecretName(name: string): boolean {
  return /PASSWORD|SECRET|TOKEN|KEY/i.test(name);
}

/** What is shown in place of a secret: nothing of it, not even its length. */
export const maskedValue = '••••••••';

/** A value as people may see it. */
export function maskValue({ value, secret }: { readonly value: string; readonly secret: boolean }): string {
  return secret && value !== '' ? maskedValue : value;
}
