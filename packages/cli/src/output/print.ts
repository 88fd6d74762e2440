import type { Context } from '../program/context.ts';

/** Prints an answer in the format the user asked for; `table` is only rendered when it is shown. */
export async function print(context: Context, data: unknown, table: () => string): Promise<void> {
  context.stdout.write(await render(context.format, data, table));
}

async function render(format: Context['format'], data: unknown, table: () => string): Promise<string> {
  if (format === 'json') return `${JSON.stringify(data, null, 2)}\n`;
  if (format === 'table') return table();
  const { stringify } = await import('yaml');
  return stringify(data, { lineWidth: 0, aliasDuplicateObjects: false });
}
