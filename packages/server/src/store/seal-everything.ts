import type { SecretBox } from '@playhouse/contract/secret-box';
import type { Kysely } from 'kysely';
import { labels } from './sealed.ts';
import type { Tables } from './schema.ts';

/** Seals what an earlier version of the server left in plain text, in the caller's transaction. One row is held at a time. */
export async function sealEverything(transaction: Kysely<Tables>, box: SecretBox): Promise<void> {
  const commands = await transaction.selectFrom('commands').select('sequence').execute();
  for (const { sequence } of commands) {
    const row = transaction.selectFrom('commands').select('command').where('sequence', '=', sequence);
    const { command } = await row.executeTakeFirstOrThrow();
    await transaction
      .updateTable('commands')
      .set({ command: box.seal(command, labels.command(sequence)) })
      .where('sequence', '=', sequence)
      .execute();
  }
  const playgrounds = transaction.selectFrom('playgrounds').select(['id', 'stack']);
  for (const { id, stack } of await playgrounds.where('stack', 'is not', null).execute()) {
    await transaction
      .updateTable('playgrounds')
      .set({ stack: box.seal(stack ?? '', labels.stack(id)) })
      .where('id', '=', id)
      .execute();
  }
  const versions = transaction.selectFrom('playspec_versions').select(['name', 'version', 'saved_services']);
  for (const { name, version, saved_services } of await versions
    .where('saved_services', 'is not', null)
    .execute()) {
    await transaction
      .updateTable('playspec_versions')
      .set({ saved_services: box.seal(saved_services ?? '', labels.savedServices(name, version)) })
      .where('name', '=', name)
      .where('version', '=', version)
      .execute();
  }
}
