import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playspec list` */
export async function listPlayspecs(context: Context): Promise<undefined> {
  const { client } = await context.connect();
  const { playspecs } = await client('playspec.list');
  await print(context, playspecs, () => {
    const rows = playspecs.map(({ name, version, title, description }) => [
      name,
      String(version),
      title,
      firstLine(description),
    ]);
    return renderTable(['name', 'version', 'title', 'description'], rows);
  });
}

function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
