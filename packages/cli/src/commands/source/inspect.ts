import { formatAge } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { formatSize } from '../../output/size.ts';
import { renderFields } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse source inspect` */
export async function inspectSource(
  context: Context,
  input: { readonly source: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const { source } = await client('source.get', { parameters: { name: input.source } });
  await print(context, source, () => {
    const image = source.kind === 'image';
    const made = source.bakedAt === null ? 'not yet' : formatAge(source.bakedAt, context.now());
    return renderFields([
      ['Name', source.name],
      ['Kind', image ? 'image from a registry' : source.kind],
      ...(source.instead === null ? [] : ([['Instead', source.instead]] as const)),
      ['Description', source.description],
      [image ? 'Pulled' : 'Baked', made],
      ['Size', source.sizeBytes === null ? '-' : formatSize(source.sizeBytes)],
      ...(image
        ? ([
            ['Image', source.imageDigest ?? '-'],
            ['SSH server', source.sshServer ?? 'none found'],
          ] as const)
        : []),
      ['Base layer', source.digest ?? '-'],
      ['Users', source.users.join(', ')],
      ['Used by', source.usedBy.join(', ') || 'no playground'],
    ]);
  });
}
