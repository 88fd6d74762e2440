const anywhere =
  /PASSWORD|PASSWD|PASSPHRASE|PASSCODE|SECRET|TOKEN|KEY|CREDENTIAL|PRIVATE|AUTHORIZATION|BASIC_?AUTH/i;
/** What is a part of too many other words. */
const words: ReadonlySet<string> = new Set(['auth', 'bearer', 'dsn', 'jwt', 'pass', 'pw', 'salt']);
/** `DB_PWD`, but not `PWD`, which is where a program works. */
const lastPart = /[^_-][_-]?PWD$|[a-z0-9](?<!by|com|tres|over|multi|single)PASS$|[a-z]PW$/i;

/** Whether the value of a variable of this name is hidden from view. */
export function isSecretName(name: string): boolean {
  if (/^(OLD)?PWD$/i.test(name)) return false;
  if (anywhere.test(name) || lastPart.test(name)) return true;
  const last =
    name
      .replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_')
      .split(/[^A-Za-z\d]+/)
      .at(-1) ?? '';
  return words.has(last.toLowerCase());
}

/** What is shown in place of a secret: nothing of it, not even its length. */
export const maskedValue = '••••••••';

/** A value as people may see it. */
export function maskValue({ value, secret }: { readonly value: string; readonly secret: boolean }): string {
  return secret && value !== '' ? maskedValue : value;
}
