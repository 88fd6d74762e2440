import { explainSchemaIssues } from '../manifest/explain-schema-issue.ts';
import type { ManifestIssue } from '../manifest/manifest-issue.ts';
import { isRecord } from '../manifest/noun.ts';
import { composeFileSchema } from './compose-file.ts';

/** The faults of a file's shape: blocks, lists and texts where they belong, services with names that Compose takes. */
export function checkShape(file: unknown): readonly ManifestIssue[] {
  const parsed = composeFileSchema.safeParse(file, { reportInput: true });
  const shape = parsed.success ? [] : explainSchemaIssues(composeFileSchema, parsed.error.issues);
  return [...shape, ...checkServiceNames(isRecord(file) ? file['services'] : undefined)];
}

function checkServiceNames(services: unknown): readonly ManifestIssue[] {
  if (!isRecord(services)) return [];
  const names = Object.keys(services);
  if (names.length === 0) return [{ code: 'compose-no-services', path: ['services'], parameters: {} }];
  return names
    .filter((name) => !/^[A-Za-z0-9][\w.-]{0,127}$/.test(name) && !name.includes('$$'))
    .map((name) => ({ code: 'compose-bad-service-name', path: ['services', name], parameters: { name } }));
}
