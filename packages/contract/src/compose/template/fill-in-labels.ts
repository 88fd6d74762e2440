// Labels of the platform that Docker Compose would interpolate: what they say decides what is made before Compose is asked.
import { isRecord } from '../../manifest/noun.ts';
import { labelPrefix } from '../labels/label-table.ts';

type Data = Readonly<Record<string, unknown>>;

/** A compiled file whose labels of the platform have `$NAME`, `${NAME}`, `${NAME:-default}` and the like filled in. */
export function fillInLabels(file: unknown, environment: Readonly<Record<string, string>>): unknown {
  if (!isRecord(file) || !isRecord(file['services'])) return file;
  const services = Object.entries(file['services']).map(([name, service]) => [
    name,
    isRecord(service) && service['labels'] !== undefined
      ? { ...service, labels: labelsOf(service['labels'], environment) }
      : service,
  ]);
  return { ...file, services: Object.fromEntries(services) as Data };
}

function labelsOf(labels: unknown, environment: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(labels))
    return labels.map((entry: unknown) =>
      typeof entry === 'string' && entry.startsWith(labelPrefix) ? interpolated(entry, environment) : entry,
    );
  if (!isRecord(labels)) return labels;
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [
      name,
      typeof value === 'string' && name.startsWith(labelPrefix) ? interpolated(value, environment) : value,
    ]),
  );
}

/** Left to Compose where there is no value, or where one is left that Compose would interpolate once more. */
function interpolated(text: string, environment: Readonly<Record<string, string>>): string {
  const filled = fillIn(text, environment);
  return filled === null || filled.includes('$') ? text : filled;
}

const reference = /\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?)([-+])((?:[^${}]|\$\{[^{}]*\})*))?\})/g;

function fillIn(text: string, environment: Readonly<Record<string, string>>): string | null {
  let whole = true;
  const filled = text.replaceAll(reference, (match, ...groups: (string | undefined)[]) => {
    if (match === '$$') return match;
    const [bare, braced, colon, operator, word = ''] = groups;
    const value = environment[bare ?? braced ?? ''];
    const isSet = value !== undefined && !(colon === ':' && value === '');
    if (operator === '+') return isSet ? (fillIn(word, environment) ?? match) : '';
    if (isSet) return value;
    const otherwise = operator === '-' ? fillIn(word, environment) : null;
    if (otherwise === null) whole = false;
    return otherwise ?? match;
  });
  return whole ? filled : null;
}
