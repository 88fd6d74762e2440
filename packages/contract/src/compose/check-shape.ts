import { closest } from '../manifest/closest.ts';
import type { ManifestIssue } from '../manifest/manifest-issue.ts';
import { isRecord } from '../manifest/noun.ts';
import { validateCompose } from './schema/validate-compose.ts';

/** The faults of a file's shape: values of the forms that Compose knows, services with names that it takes. */
export function checkShape(file: unknown): readonly ManifestIssue[] {
  return [...validateCompose(file).issues, ...checkServices(file), ...checkServiceNames(file)];
}

/** A file without services is told by the field that was meant to be them, if there is one. */
function checkServices(file: unknown): readonly ManifestIssue[] {
  if (!isRecord(file) || file['services'] !== undefined) return [];
  const near = validateCompose(file).unknown.find(
    ({ path, field }) => path.length === 1 && closest(field, ['services']) !== undefined,
  );
  const advice = near === undefined ? '' : `Did you mean \`services\` by \`${near.field}\`? `;
  return [{ code: 'compose-services-missing', path: near?.path ?? [], parameters: { advice } }];
}

function checkServiceNames(file: unknown): readonly ManifestIssue[] {
  const services = isRecord(file) ? file['services'] : undefined;
  if (!isRecord(services)) return [];
  const names = Object.keys(services);
  if (names.length === 0) return [{ code: 'compose-no-services', path: ['services'], parameters: {} }];
  return names
    .filter((name) => !/^[A-Za-z0-9][\w.-]{0,127}$/.test(name) && !name.includes('$$'))
    .map((name) => ({ code: 'compose-bad-service-name', path: ['services', name], parameters: { name } }));
}
