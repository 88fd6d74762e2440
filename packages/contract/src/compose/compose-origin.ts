// Where a Compose file was taken from: a path of a Git repository. What it names beside itself is in that repository, too.
import { z } from 'zod';
import { readBranch } from './labels/label-values.ts';
import { parseRepository } from './labels/repository.ts';
import { normalize } from './policy/paths.ts';

/** Looked for, in this order, where nobody says which file it is. */
export const composeFileNames = [
  'playgrounds.yml',
  'playgrounds.yaml',
  'compose.yaml',
  'compose.yml',
  'docker-compose.yaml',
  'docker-compose.yml',
] as const;

const repositoryAddress = z
  .string()
  .refine(
    (text) => typeof parseRepository(text) === 'object',
    'expected `https://…`, `ssh://…`, `git@host:path` or `file:///…`, without a password in it',
  )
  .describe('Address of the Git repository; a private one is opened by a credential of the caller');

const branch = z
  .string()
  .refine((text) => readBranch(text) !== undefined, 'expected the name of a branch')
  .describe('Branch that it is taken from; default: that of the repository');

/** A YAML file of a repository by its plain path. It becomes a path on the playroom, so nothing in it leads anywhere. */
const path = z
  .string()
  .max(500)
  .overwrite((text) => (/[\\\p{Cc}$~]|^\//u.test(text) ? text : normalize(text)))
  .refine(
    (text) => !/[\\\p{Cc}$~]|^\/|^\.\.(\/|$)/u.test(text) && /[^/]\.ya?ml$/.test(text),
    'expected the path of a YAML file in the repository, as in `deploy/compose.yaml`',
  )
  .describe('Path of the Compose file in the repository');

/** In bytes, of a folder or file: a file system takes 255, and files that are being written have longer names for a moment. */
const longestName = 200;

/** What the playroom has at the top of the folder that the file becomes a part of. */
const ownName = 'interpolation.env';

/** A path that can be that of a file on the playroom. Of what was taken earlier it is not asked again. */
const fittingPath = path
  .refine(
    (text) => text.split('/').every((name) => new TextEncoder().encode(name).length <= longestName),
    `no folder or file in the path may have a name of more than ${longestName} bytes; choose shorter ones in the repository`,
  )
  .refine(
    (text) => text.split('/')[0] !== ownName,
    `the path may not begin with \`${ownName}\`, a name that Playhouse itself uses there; put the file into another folder of the repository`,
  );

/** What somebody asks for. */
export const composePlaceSchema = z.strictObject({
  repository: repositoryAddress,
  branch: branch.optional(),
  path: fittingPath
    .optional()
    .describe(`Path of the Compose file; default: the first of ${composeFileNames.join(', ')}`),
});

/** What was found there. */
export const composeOriginSchema = z.object({
  repository: repositoryAddress,
  branch: branch.nullable().describe('null: the default branch, whichever that is'),
  commit: z.string().describe('That the file was taken from'),
  path,
});

export type ComposePlace = z.infer<typeof composePlaceSchema>;
export type ComposeOrigin = z.infer<typeof composeOriginSchema>;

/** The folder of the file, where its relative paths begin; empty for that of the repository. */
export function folderOf({ path: file }: Pick<ComposeOrigin, 'path'>): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}
