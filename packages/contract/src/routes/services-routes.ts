// What only playgrounds of Compose services have.
import { z } from 'zod';
import { maintainedServiceSchema } from '../service.ts';
import { playspecReferenceSchema } from '../playspec.ts';
import { servicesPreviewSchema } from '../services-preview.ts';
import { accepted, playgroundParameters } from './playground-routes.ts';
import { environmentSchema, newServiceWishSchema, startWishes } from './start-wishes.ts';
import { logLineSchema, logSources, longestAnswerTail } from '../service-log.ts';
import { playgroundDebugSchema } from '../services-debug.ts';
import type { Route } from './route.ts';
import { logQuery } from './web-socket-paths.ts';

const errors = [
  'playground-unknown',
  'playground-state',
  'not-of-machines',
  'job-fixed',
  'rollout-under-way',
  'service-unknown',
  'subdomain-unfit',
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
    .record(z.string().max(200), newServiceWishSchema)
    .default({})
    .describe('What is wished otherwise of its services, by name; what is left out stays as it is'),
});

const accessErrors = ['playground-unknown', 'not-of-machines', 'engine-down'] as const;
const login = z.object({ user: z.string(), password: z.string() });
const bypass = z.object({
  header: z
    .string()
    .describe('Name of the header, and of the parameter of an address, that carries the token'),
  token: z.string(),
});

export const servicesRoutes = {
  'playground.preview': {
    method: 'POST',
    path: '/api/playgrounds/preview',
    summary:
      'What a start of a Compose playspec would make of it: the variables of each service with where each is from. Repositories are asked; nothing is made, and nothing is kept',
    access: 'playspec.start',
    body: z.strictObject({
      playspec: playspecReferenceSchema,
      title: z.string().min(1).max(120).optional(),
      ...startWishes,
    }),
    status: 200,
    response: servicesPreviewSchema,
    errors: [
      'manifest-invalid',
      'playspec-unknown',
      'playspec-version-unknown',
      'playspec-of-machines',
      'service-unknown',
      'repository-unknown',
      'repository-refused',
      'repository-failed',
      'repository-untrusted',
      'git-authority-unfit',
      'repository-outside',
      'host-key-unknown',
      'branch-unknown',
      'compose-refused',
      'docker-unavailable',
      'engine-down',
      'engine-timeout',
    ],
  },
  'playground.password-renew': {
    method: 'POST',
    path: '/api/playgrounds/:playground/password',
    summary:
      'Give the internal services of a Compose playground another password; whoever is logged in has to do so again',
    access: 'playground',
    parameters: playgroundParameters,
    status: 200,
    response: login,
    errors: accessErrors,
  },
  'playground.bypass': {
    method: 'GET',
    path: '/api/playgrounds/:playground/bypass',
    summary: 'The token with which programs reach the internal services of a Compose playground',
    access: 'playground',
    parameters: playgroundParameters,
    status: 200,
    response: bypass,
    errors: accessErrors,
  },
  'playground.bypass-renew': {
    method: 'POST',
    path: '/api/playgrounds/:playground/bypass',
    summary: 'Replace that token by another one; the one before is worth nothing from then on',
    access: 'playground',
    parameters: playgroundParameters,
    status: 200,
    response: bypass,
    errors: accessErrors,
  },
  'playground.maintenance': {
    method: 'PUT',
    path: '/api/playgrounds/:playground/maintenance',
    summary:
      'Have the addresses of a Compose playground say that it is under maintenance, or lead to its services again; containers run on',
    access: 'playground',
    parameters: playgroundParameters,
    body: z.strictObject({
      enabled: z.boolean(),
      service: z.string().max(200).optional().describe('Of this one only; without it, of all'),
      message: z.string().max(2000).default('').describe('What the page says; empty for the usual text'),
    }),
    status: 200,
    response: z.object({ services: z.array(maintainedServiceSchema) }),
    errors: [...accessErrors, 'service-not-exposed', 'ingress-failed'],
  },
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
  'playground.logs': {
    method: 'GET',
    path: '/api/playgrounds/:playground/logs',
    summary:
      'The last lines that the services of a Compose playground said, in order of time; values that are secret are masked',
    access: 'playground',
    parameters: playgroundParameters,
    query: logQuery.extend({
      tail: z.coerce
        .number()
        .int()
        .min(0)
        .max(longestAnswerTail)
        .default(100)
        .describe('At most so many of each service'),
    }),
    status: 200,
    response: z.object({
      source: z
        .enum(logSources)
        .describe(
          '`live`; `cached`: Docker does not run, this is what was kept; `server`: what Playhouse did',
        ),
      lines: z.array(logLineSchema),
      truncated: z.boolean().describe('True when the oldest were left out, because all was more than 4 MiB'),
    }),
    errors: ['playground-unknown', 'logs-of-machines', 'service-missing', 'log-streams-limit', 'engine-down'],
  },
  'playground.debug': {
    method: 'GET',
    path: '/api/playgrounds/:playground/debug',
    summary:
      'All that helps to find out what is wrong with a playground, in one document, without secrets: fit for a bug report',
    access: 'playground',
    parameters: playgroundParameters,
    status: 200,
    response: playgroundDebugSchema,
    errors: ['playground-unknown'],
  },
} as const satisfies Record<string, Route>;
