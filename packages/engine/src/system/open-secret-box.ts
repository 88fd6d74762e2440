import { chmod, readFile } from 'node:fs/promises';
import { SecretBox } from '@playhouse/contract/secret-box';
import { isMissing, writeDurably } from './durable-file.ts';

/** Opens the box whose key is in a file (0600); makes a key when there is none. */
export async function openSecretBox(keyFile: string): Promise<SecretBox> {
  try {
    const key = await readFile(keyFile);
    await chmod(keyFile, 0o600);
    return new SecretBox(key);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const key = SecretBox.newKey();
  await writeDurably(keyFile, key, 0o600);
  return new SecretBox(key);
}
