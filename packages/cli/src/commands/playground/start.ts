import type { Problem } from '@playhouse/contract/errors/problem';
import type { Playground } from '@playhouse/contract/playground';
import { settingsDirectory } from '../../connection/credentials.ts';
import { finish } from '../../output/finish.ts';
import { showNotes } from '../../output/notes.ts';
import type { Context } from '../../program/context.ts';
import { silentRenderer } from '../../progress/silent-renderer.ts';
import { ensureIdentity } from '../../ssh/identity.ts';
import { openSession } from '../../ssh/open-session.ts';
import { awaitOperation } from '../await-operation.ts';
import { askForConditions, readConditions } from './conditions.ts';
import { previewStart } from './preview.ts';
import { lifetimeOf } from './read-lifetime.ts';
import { readServiceWishes, type ServiceOptions } from './service-wishes.ts';
import { runningWords } from './started.ts';

export interface StartInput extends ServiceOptions {
  /** Of a Compose playspec. */
  readonly profile: readonly string[];
  readonly playspec: string;
  readonly file: string | undefined;
  readonly title: string | undefined;
  readonly initCondition: readonly string[];
  readonly lifetime: string | undefined;
  readonly onExpiry: string | undefined;
  readonly preview: boolean;
  readonly ssh: boolean;
  readonly noWait: boolean;
  readonly quiet: boolean;
}

/** `playhouse playground start` */
export async function startPlayground(context: Context, input: StartInput): Promise<number | undefined> {
  if (input.preview) return await previewStart(context, input);
  const [manifest, identity] = await Promise.all([
    input.file === undefined ? null : context.readInput(input.file),
    ensureIdentity(settingsDirectory(context.environment)),
  ]);
  const given = readConditions(input.initCondition);
  const wishes = await readServiceWishes(context, input, 'playground start');
  const { client } = await context.connect();
  const what = {
    playspec: input.playspec,
    ...(manifest === null ? {} : { manifest, manifestFile: input.file === '-' ? 'stdin' : input.file }),
  };
  const { playground, operation, ...answer } = await client('playground.start', {
    body: {
      ...what,
      authorizedKeys: [identity.publicKey],
      conditions: await askForConditions(context, client, what, given),
      ...(input.title === undefined ? {} : { title: input.title }),
      ...wishes,
      ...(input.profile.length === 0 ? {} : { profiles: [...input.profile] }),
      ...lifetimeOf(input, 'playground start'),
    },
  });
  const notes = notesOf(answer);
  if (input.quiet) context.stdout.write(`${playground.id}\n`);
  else showNotes(context, notes);
  if (input.noWait && !input.ssh) {
    if (!input.quiet) await finish(context, { playground, operation, notes }, () => accepted(playground));
    return undefined;
  }
  await awaitOperation(context, operation, input.quiet ? silentRenderer : undefined);
  const running = await client('playground.get', { parameters: { playground: playground.id } });
  if (input.ssh)
    return openSession(context, { ...running, machine: undefined, user: undefined, command: [] });
  if (!input.quiet) await finish(context, { ...running, notes }, () => runningWords(running.playground));
  return undefined;
}

/** Answers are not parsed, and a server of the version before sends no notes. */
function notesOf({ notes }: { readonly notes?: readonly unknown[] }): readonly Problem[] {
  return (notes ?? []) as readonly Problem[];
}

function accepted({ name }: Playground): string {
  return `${name} is starting.\n  Follow it: playhouse logs ${name} --follow\n`;
}
