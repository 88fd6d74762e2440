import type { ErrorDefinition } from './error-definition.ts';
import { manifestMachineErrors } from './manifest-machine-errors.ts';
import { manifestNetworkErrors } from './manifest-network-errors.ts';
import { manifestPublicationErrors } from './manifest-publication-errors.ts';
import { manifestTaskErrors } from './manifest-task-errors.ts';
import { manifestTextErrors } from './manifest-text-errors.ts';
import { manifestValueErrors } from './manifest-value-errors.ts';

/** Faults of a manifest. Every one but `manifest-invalid`, their envelope, is shown as a located problem. */
export const manifestErrors = {
  ...manifestTextErrors,
  ...manifestValueErrors,
  ...manifestNetworkErrors,
  ...manifestMachineErrors,
  ...manifestTaskErrors,
  ...manifestPublicationErrors,
} as const satisfies Record<string, ErrorDefinition>;
