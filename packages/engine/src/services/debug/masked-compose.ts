import { hideInData } from '@playhouse/contract/compose/environment/hide-secrets';
import { maskedValue } from '@playhouse/contract/compose/environment/mask-value';
import { readFinal } from '@playhouse/contract/compose/render/read-final';
import { mapTexts } from '@playhouse/contract/compose/render/read-rendered';
import { writeCompose } from '@playhouse/contract/compose/render/write-compose';
import { isRecord } from '@playhouse/contract/manifest/noun';
import type { SecretMask } from '../secrets/secret-mask.ts';

/** Where whoever writes a file chooses the keys freely; elsewhere they are names that others refer to, and fields. */
const freeKeys: ReadonlySet<string> = new Set(['labels', 'annotations', 'driver_opts', 'args', 'options']);

/** A final Compose file as people may see it: known secrets are out of it, and so is what only its name or place gives away. */
export function maskCompose(text: string, mask: SecretMask): string {
  const file = hideInData(readFinal(text), () => maskedValue);
  const secrets = isRecord(file) ? file['secrets'] : undefined;
  const whole = isRecord(file) && isRecord(secrets) ? { ...file, secrets: withoutContents(secrets) } : file;
  return writeCompose(
    maskKeys(
      mapTexts(whole, mask.text, (key) => key),
      mask,
    ),
  );
}

function withoutContents(secrets: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, secret]) => [
      name,
      isRecord(secret) && 'content' in secret ? { ...secret, content: maskedValue } : secret,
    ]),
  );
}

function maskKeys(value: unknown, mask: SecretMask): unknown {
  if (Array.isArray(value)) return value.map((item) => maskKeys(item, mask));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      freeKeys.has(name) ? mapTexts(item, (text) => text, mask.text) : maskKeys(item, mask),
    ]),
  );
}
