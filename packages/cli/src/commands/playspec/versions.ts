import { formatAge } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playspec versions` */
export async function listVersions(
  context: Context,
  input: { readonly playspec: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const { versions } = await client('playspec.versions', { parameters: { name: input.playspec } });
  await print(context, versions, () => {
    const rows = versions.map(({ version, title, createdAt }) => [
      String(version),
      title,
      formatAge(createdAt, context.now()),
    ]);
    return renderTable(['version', 'title', 'made'], rows);
  });
}
