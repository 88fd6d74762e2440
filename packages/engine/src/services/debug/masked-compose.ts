import { isSecretName, maskedValue } from '@playhouse/contract/compose/environment/mask-value';
import { readFinal } from '@playhouse/contract/compose/render/read-final';
import { mapTexts } from '@playhouse/contract/compose/render/read-rendered';
import { writeCompose } from '@playhouse/contract/compose/render/write-compose';
import { isRecord } from '@playhouse/contract/manifest/noun';
import type { SecretMask } from '../secrets/secret-mask.ts';

/** A final Compose file as people may see it: known secrets are out of it, and so is what only its name gives away. */
export function maskCompose(text: string, mask: SecretMask): string {
  const file = mapTexts(readFinal(text), mask.text, (key) => key);
  const hidden = isRecord(file)
    ? {
        ...file,
        ...within(file, 'services', hideEnvironment),
        ...within(file, 'secrets', (secret) => ('content' in secret ? { content: maskedValue } : {})),
      }
    : file;
  return writeCompose(hidden);
}

type Data = Readonly<Record<string, unknown>>;

/** The field with each of its entries changed, if it is there: an entry keeps what `change` does not say anything of. */
function within(data: Data, field: string, change: (entry: Data) => Data): Data {
  const entries = data[field];
  if (!isRecord(entries)) return {};
  const changed = Object.entries(entries).map(
    ([name, entry]) => [name, isRecord(entry) ? { ...entry, ...change(entry) } : entry] as const,
  );
  return { [field]: Object.fromEntries(changed) };
}

function hideEnvironment({ environment }: Data): Data {
  if (!isRecord(environment)) return {};
  const values = Object.entries(environment).map(
    ([name, value]) => [name, isSecretName(name) ? maskedValue : value] as const,
  );
  return { environment: Object.fromEntries(values) };
}
