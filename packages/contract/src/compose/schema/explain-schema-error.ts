// The one place where what the validator of Compose files found becomes an entry of the error catalogue, in human words.
import { closest } from '../../manifest/closest.ts';
import type { ManifestIssue, ManifestPath } from '../../manifest/manifest-issue.ts';
import { describeValue, kinds, showValue } from '../../manifest/show-value.ts';
import { hasPlaceholder } from '../template/find-templates.ts';
import type { PlacedError } from './meant-errors.ts';
import { isValueFormat, valueFormats } from './value-formats.ts';

/** Nothing for the name of a service, which has rules of its own, and for names that are yet to be filled in. */
export function explainSchemaError({ error, path }: PlacedError): readonly ManifestIssue[] {
  const { data, keyword, params, parentSchema } = error;
  switch (keyword) {
    case 'type':
      return [wrongType(path, data, [params['type']].flat() as readonly string[])];
    case 'enum':
      return [badValue(path, data, oneOf(data, params['allowedValues'] as readonly unknown[]))];
    case 'format':
      return [badValue(path, data, isValueFormat(params['format']) ? form(params['format']) : '')];
    case 'minimum':
    case 'maximum': {
      const small = keyword === 'minimum';
      const words = { fault: small ? 'small' : 'large', bound: small ? 'at least' : 'at most' };
      const parameters = { value: showValue(data), ...words, limit: Number(params['limit']) };
      return [{ code: 'manifest-bad-number', path, parameters }];
    }
    case 'required': {
      const field = String(params['missingProperty']);
      const parameters = { field, meaning: meaningOf(parentSchema, field) };
      return [{ code: 'manifest-missing-field', path: [...path, field], parameters }];
    }
    case 'additionalProperties':
      return badName(path, String(params['additionalProperty']));
    default:
      return [badValue(path, data, 'The Compose Specification says what it may be.')];
  }
}

function badName(path: ManifestPath, name: string): readonly ManifestIssue[] {
  if (path.join() === 'services' || hasPlaceholder(name)) return [];
  return [{ code: 'compose-bad-name', path: [...path, name], parameters: { name } }];
}

function wrongType(path: ManifestPath, data: unknown, types: readonly string[]): ManifestIssue {
  const wanted = types.filter((type) => type !== 'null');
  const names = [...new Set(wanted.map((type) => kinds[type]?.name ?? type))];
  const advice = names.length === 1 ? kinds[wanted[0] ?? '']?.advice : undefined;
  const expected = names.join(' or ');
  return {
    code: 'manifest-wrong-type',
    path,
    parameters: { expected, actual: describeValue(data), advice: advice ?? `Write ${expected}.` },
  };
}

function badValue(path: ManifestPath, data: unknown, advice: string): ManifestIssue {
  return { code: 'manifest-bad-value', path, parameters: { value: showValue(data), advice } };
}

function oneOf(data: unknown, allowed: readonly unknown[]): string {
  const values = allowed.map(String);
  const near = typeof data === 'string' ? closest(data, values) : undefined;
  const list = values.length === 1 ? `Write \`${values[0]}\`.` : `Use one of: ${values.join(', ')}.`;
  return near === undefined || values.length === 1 ? list : `Did you mean \`${near}\`? ${list}`;
}

function form(name: keyof typeof valueFormats): string {
  return `Write ${valueFormats[name].form}.`;
}

function meaningOf(schema: object | undefined, field: string): string {
  const fields = (schema as { properties?: Readonly<Record<string, { description?: string }>> }).properties;
  return fields?.[field]?.description ?? 'It is needed.';
}
