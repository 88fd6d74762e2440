import type { SecretBox } from '@playhouse/contract/secret-box';
import { sealSecrets } from '../services-secrets.ts';

/** Secrets of a playground that has none but a password. */
export function sampleSecrets(box: SecretBox, id: string, password = ''): string {
  const none = { given: {}, templates: {}, variables: {}, environment: { global: {}, services: {} } };
  return sealSecrets({ box }, id, { ...none, password });
}
