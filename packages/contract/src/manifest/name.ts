import { z } from 'zod';

/** A name that becomes a host name or part of one: playgrounds, machines, networks, tabs. */
export const nameSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, { error: 'manifest-bad-name' });
