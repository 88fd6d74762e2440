import { followOperation } from '../connection/follow-operation.ts';
import { succeeded } from '../commands/await-operation.ts';
import type { Connection } from '../program/context.ts';
import type { Report } from '../progress/step-list.ts';

/** Destroys every playground and waits until each is gone. Resolves with how many there were. */
export async function destroyAll(
  connection: Connection,
  report: Report,
  signal: AbortSignal,
): Promise<number> {
  const { client } = connection;
  await wantNoSpares(connection);
  // Those that prewarm a playspec are listed only with all others that ever were.
  const { playgrounds: all } = await client('playground.list', { query: { all: 'true' } });
  const playgrounds = all.filter(({ status }) => status !== 'destroyed');
  let done = 0;
  await Promise.all(
    playgrounds.map(async ({ id, name }) => {
      const { operation } = await client('playground.destroy', { parameters: { playground: id } });
      succeeded(await followOperation(connection, { operation, onUpdate: () => undefined, signal }));
      done += 1;
      report(`${done} of ${playgrounds.length}, last ${name}`);
    }),
  );
  report(playgrounds.length === 0 ? 'there were none' : `${playgrounds.length} destroyed`);
  return playgrounds.length;
}

/** Else the server would make new ones as soon as they are destroyed. */
async function wantNoSpares({ client }: Connection): Promise<void> {
  const { playspecs } = await client('playspec.list', { query: {} });
  for (const { name } of playspecs) {
    // Any of its versions may have been prewarmed.
    const { versions } = await client('playspec.versions', { parameters: { name } });
    for (const { version } of versions) {
      const parameters = { name: `${name}@${version}` };
      await client('playspec.keep-spare', { parameters, body: { wanted: false } });
    }
  }
}
