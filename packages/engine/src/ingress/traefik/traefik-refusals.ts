import type { ReadRefusal } from '../refusals.ts';

/** Traefik writes whole seconds: what is of the second in which the wait began counts. */
const secondMs = 1000;

export const traefikRefusal: ReadRefusal = ({ message, time, error, domains }) =>
  typeof message === 'string' &&
  message.includes('obtain ACME certificate') &&
  typeof error === 'string' &&
  typeof time === 'string'
    ? { hosts: Array.isArray(domains) ? domains : [], why: error, at: Date.parse(time) + secondMs }
    : null;
