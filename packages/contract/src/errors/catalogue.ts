// Every error a user can meet: code, HTTP status, message, hint. docs/errors.md is generated from this table.
// A code is never reused or renamed; programs match on it.
import { accountErrors } from './account-errors.ts';
import { composeErrors } from './compose-errors.ts';
import { credentialErrors } from './credential-errors.ts';
import type { ErrorDefinition } from './error-definition.ts';
import { engineErrors } from './engine-errors.ts';
import { hostErrors } from './host-errors.ts';
import { manifestErrors } from './manifest-errors.ts';
import { playspecErrors } from './playspec-errors.ts';
import { serviceErrors } from './service-errors.ts';
import { serverErrors } from './server-errors.ts';
import { snapshotErrors } from './snapshot-errors.ts';
import { sourceErrors } from './source-errors.ts';
import { vaultErrors } from './vault-errors.ts';

export const errorCatalogue = {
  ...manifestErrors,
  ...composeErrors,
  ...accountErrors,
  ...credentialErrors,
  ...playspecErrors,
  ...serverErrors,
  ...serviceErrors,
  ...sourceErrors,
  ...engineErrors,
  ...snapshotErrors,
  ...vaultErrors,
  ...hostErrors,
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorCatalogue;

/** Tells whether a string received from elsewhere (the link, the API) is a code of this version's catalogue. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}
