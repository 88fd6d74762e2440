import type { ServicesPreview } from '@playhouse/contract/services-preview';
import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';
import { readServiceWishes, type ServiceOptions } from './service-wishes.ts';

interface PreviewInput extends ServiceOptions {
  readonly playspec: string;
  readonly title: string | undefined;
  readonly profile: readonly string[];
}

/** `playhouse playground start --preview` */
export async function previewStart(context: Context, input: PreviewInput): Promise<undefined> {
  const wishes = await readServiceWishes(context, input, 'playground start');
  const { client } = await context.connect();
  const preview = await client('playground.preview', {
    body: {
      playspec: input.playspec,
      ...(input.title === undefined ? {} : { title: input.title }),
      ...wishes,
      profiles: [...input.profile],
    },
  });
  await print(context, preview, () => [valuesOf(preview), ...preview.services.map(serviceOf)].join('\n'));
}

function valuesOf({ values }: ServicesPreview): string {
  if (values.length === 0) return 'Nothing was started.\n';
  const rows = values.map(({ name, value, source }) => [name, value, source]);
  return `Nothing was started. Variables of the Compose file:\n${renderTable(['name', 'value', 'from'], rows)}`;
}

const sources = {
  example: 'example file',
  compose: 'Compose file',
  global: 'given for all',
  service: 'given for it',
  system: 'Playhouse',
} as const;

function serviceOf({ name, host, source, variables }: ServicesPreview['services'][number]): string {
  const branch =
    source === null ? '' : ` from ${source.branch ?? 'the default branch'} at ${source.commit.slice(0, 12)}`;
  const head = `${name}${host === null ? '' : ` at https://${host}/`}${branch}\n`;
  if (variables.length === 0) return `${head}  no variables\n`;
  const rows = variables.map((variable) => [
    variable.name,
    oneLine(variable.value),
    `${sources[variable.source]}${variable.generated ? ', generated' : ''}`,
  ]);
  return `${head}${renderTable(['name', 'value', 'from'], rows)}`;
}

/** A value with several lines would break the table. */
function oneLine(value: string): string {
  return /\p{Cc}/u.test(value) ? JSON.stringify(value) : value;
}
