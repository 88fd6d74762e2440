import { z } from 'zod';
import { composePlaceSchema } from '../compose/compose-origin.ts';
import { problemSchema } from '../error-body.ts';
import {
  playspecNameSchema,
  playspecPageSchema,
  playspecReferenceSchema,
  playspecSchema,
  playspecVersionSchema,
} from '../playspec.ts';
import { costsOfMany, costsQuery } from './costs.ts';
import type { Route } from './route.ts';

const parameters = z.object({ name: playspecReferenceSchema });
const ownParameters = z.object({ name: playspecNameSchema });
const versionQuery = z.object({
  version: z.coerce.number().int().min(1).optional().describe('Default: the newest one'),
});

const manifestFile = z.string().max(1024).default('manifest.yaml').describe('Name used in located errors');
const repository = composePlaceSchema
  .optional()
  .describe(
    'Instead of `manifest`: a Compose file of a Git repository, which is read with the caller’s credentials',
  );
/** What may come of reading a Compose file of a repository. */
const repositoryErrors = [
  'engine-down',
  'engine-timeout',
  'playspec-sources',
  'compose-file-absent',
  'repository-unknown',
  'repository-refused',
  'repository-failed',
  'repository-untrusted',
  'git-authority-unfit',
  'repository-outside',
  'branch-unknown',
  'host-key-unknown',
] as const;
const written = z.object({
  playspec: playspecPageSchema,
  notes: z
    .array(problemSchema)
    .describe(
      'What the manifest says that has no effect in this version (`manifest-ignored`), and which sources others stand in for (`manifest-stand-in`)',
    ),
});

export const playspecRoutes = {
  'playspec.list': {
    method: 'GET',
    path: '/api/playspecs',
    summary: 'The catalog: the newest version of each playspec, by name',
    access: 'visitor',
    query: costsQuery.extend({
      category: z.string().max(60).optional().describe('Only those of this category'),
      mine: z.stringbool().default(false).describe('Only those that the caller owns'),
    }),
    status: 200,
    response: z.object({ playspecs: z.array(playspecSchema), costs: costsOfMany }),
    errors: [],
  },
  'playspec.get': {
    method: 'GET',
    path: '/api/playspecs/:name',
    summary: 'One playspec with the text of its page',
    access: 'playspec.read',
    parameters,
    query: versionQuery,
    status: 200,
    response: z.object({ playspec: playspecPageSchema }),
    errors: ['playspec-unknown', 'playspec-version-unknown'],
  },
  'playspec.versions': {
    method: 'GET',
    path: '/api/playspecs/:name/versions',
    summary: 'The versions of a playspec, newest first',
    access: 'playspec.read',
    parameters,
    status: 200,
    response: z.object({ versions: z.array(playspecVersionSchema) }),
    errors: ['playspec-unknown'],
  },
  'playspec.manifest': {
    method: 'GET',
    path: '/api/playspecs/:name/manifest',
    summary: 'The manifest of a playspec, as YAML',
    access: 'playspec.read',
    parameters,
    query: versionQuery,
    status: 200,
    response: z.object({ manifest: z.string(), version: z.int() }),
    errors: ['playspec-unknown', 'playspec-version-unknown'],
  },
  'playspec.create': {
    method: 'POST',
    path: '/api/playspecs',
    summary:
      'Create a playspec from a base, whose manifest a given one is laid over, or from a Compose file; the name is kept as it is',
    access: 'playspec.base',
    body: z.strictObject({
      name: playspecNameSchema,
      base: playspecReferenceSchema
        .optional()
        .describe('Needed unless the manifest is a Compose file, which is laid over nothing'),
      manifest: z
        .string()
        .optional()
        .describe(
          'Manifest or Compose file as YAML text; of a manifest title, description, cover, text and access are its own, what else it does not mention comes from the base. Default: a copy of the base',
        ),
      manifestFile,
      repository,
    }),
    status: 201,
    response: written,
    errors: [
      'manifest-invalid',
      'playspec-exists',
      'playspec-base-missing',
      'playspec-other-kind',
      'playspec-unknown',
      'playspec-version-unknown',
      'source-unknown',
      'kernel-unknown',
      ...repositoryErrors,
    ],
  },
  'playspec.update': {
    method: 'PUT',
    path: '/api/playspecs/:name',
    summary:
      'Make the next version of a playspec from a whole manifest; access stays as it is when it says none',
    access: 'playspec.manage',
    parameters: ownParameters,
    body: z.strictObject({
      manifest: z
        .string()
        .optional()
        .describe('Whole manifest or Compose file as YAML text; nothing comes from the version before'),
      manifestFile,
      repository,
      fromRepository: z
        .boolean()
        .default(false)
        .describe(
          'Instead of `manifest`: what the repository has by now that the version before was taken from',
        ),
    }),
    status: 200,
    response: written,
    errors: [
      'manifest-invalid',
      'playspec-unknown',
      'playspec-shipped',
      'playspec-other-kind',
      'playspec-no-origin',
      'source-unknown',
      'kernel-unknown',
      ...repositoryErrors,
    ],
  },
  'playspec.remove': {
    method: 'DELETE',
    path: '/api/playspecs/:name',
    summary: 'Remove a playspec with all its versions; playgrounds that run go on',
    access: 'playspec.manage',
    parameters: ownParameters,
    status: 200,
    response: z.object({ playspec: playspecSchema }),
    errors: ['playspec-unknown', 'playspec-shipped', 'volumes-in-use'],
  },
} as const satisfies Record<string, Route>;
