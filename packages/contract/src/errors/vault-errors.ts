import type { ErrorDefinition } from './error-definition.ts';

/** Errors of the vault: remote storage of layers, memory images and snapshots. */
export const vaultErrors = {
  'vault-off': {
    status: 409,
    message: 'This installation has no vault.',
    hint: 'Set `vault.kind` to `directory` or `s3` in the configuration and restart the engine.',
  },
  'vault-unreachable': {
    status: 502,
    message: 'The vault {where} does not answer as it should: {detail}',
    hint: 'Check that it runs and the network to it, then try again: what has already arrived there is not sent again.',
  },
  'vault-refused': {
    status: 403,
    message: 'The vault {where} refuses access: {detail}',
    hint: 'Check `vault.accessKeyId`, the secret in `vault.secretAccessKeyFile`, and that `vault.bucket` exists and that account may read, write, list and delete in it. For a folder: its owner and mode.',
  },
  'vault-full': {
    status: 507,
    message: 'The vault {where} is full.',
    hint: 'Destroy playgrounds and snapshots that nobody needs, or give the vault more room, then try again: what has already arrived there is not sent again.',
  },
  'vault-object-missing': {
    status: 404,
    message: 'The vault {where} has no {what}.',
    hint: 'If the storage lost it, bring it back from its own backup; if it still is on a playroom, have it stored again. Check the others with `playhouse vault verify`.',
  },
  'vault-corrupt': {
    status: 500,
    message: 'The object `{object}` in the vault {where} is damaged: {detail}.',
    hint: 'Nothing of it was used. Bring the object back from a backup of the storage, or have the layer stored again from a playroom that still has it.',
  },
  'vault-key-wrong': {
    status: 403,
    message: 'The key in {file} does not open the vault {where}.',
    hint: 'Put the key there that the vault was made with (a backup of this file from then), or use an empty bucket, prefix or folder: without its key a vault is worth nothing.',
  },
} as const satisfies Record<string, ErrorDefinition>;
