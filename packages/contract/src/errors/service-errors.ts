import type { ErrorDefinition } from './error-definition.ts';

/** Errors of playgrounds that are made of Compose services, and of the ingress that gives them their addresses. */
export const serviceErrors = {
  'ingress-failed': {
    status: 502,
    message: 'The ingress ({proxy}) does not serve what it should: {detail}.',
    hint: 'Services run on; see its log below `run/ingress` in the state directory, and whether something else has its ports.',
  },
} as const satisfies Record<string, ErrorDefinition>;
