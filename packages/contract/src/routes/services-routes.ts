// What only playgrounds of Compose services have.
import { z } from 'zod';
import { serviceWishSchema } from '../link/services-order.ts';
import { accepted, environmentSchema, playgroundParameters } from './playground-routes.ts';
import type { Route } from './route.ts';

const errors = [
  'playground-unknown',
  'playground-state',
  'not-of-machines',
  'rollout-under-way',
  'service-unknown',
  'host-name-taken',
  'playspec-unknown',
  'manifest-invalid',
  'engine-down',
] as const;

const changes = z.strictObject({
  upgrade: z
    .boolean()
    .default(false)
    .describe('Go over to the newest version of its playspec; false stays with the one it was started from'),
  variables: z
    .record(z.string().max(200), z.string().max(10_000))
    .default({})
    .describe('Other values of the file’s variables, by name'),
  environment: environmentSchema,
  services: z
    .record(z.string().max(200), serviceWishSchema)
    .default({})
    .describe('What is wished otherwise of its services, by name; what is left out stays as it is'),
});

export const servicesRoutes = {
  'playground.rollout': {
    method: 'POST',
    path: '/api/playgrounds/:playground/rollout',
    summary:
      'Bring a running Compose playground to the newest commits and to what is changed; what does not change runs on, and what fails leaves all as it was',
    access: 'playground',
    parameters: playgroundParameters,
    body: changes,
    status: 202,
    response: accepted,
    errors,
  },
  'playground.hard-restart': {
    method: 'POST',
    path: '/api/playgrounds/:playground/hard-restart',
    summary: 'The same with all containers made anew, of images that are pulled again; volumes are kept',
    access: 'playground',
    parameters: playgroundParameters,
    body: changes,
    status: 202,
    response: accepted,
    errors,
  },
} as const satisfies Record<string, Route>;
