import type { Client } from '@playhouse/contract/routes/client';
import { type Candidate, completeWords } from '../../command/complete.ts';
import type { ValueKind } from '../../command/description.ts';
import type { Context } from '../../program/context.ts';

/** A shell that waits longer than this feels stuck. */
const patience = 800;

/** `playhouse __complete`: one candidate a line, its summary behind a tab. */
export async function complete(
  context: Context,
  input: { readonly words: readonly string[] },
): Promise<undefined> {
  const lookUp = async (kind: ValueKind, words: readonly string[]): Promise<readonly Candidate[]> => {
    const late = new Promise<readonly Candidate[]>((resolve) => setTimeout(resolve, patience, []).unref());
    const found = context.connect().then(({ client }) => liveValues(client, kind, words));
    return Promise.race([found.catch(() => []), late]);
  };
  for (const { word, summary } of await completeWords(context.commands, input.words, lookUp)) {
    context.stdout.write(summary === '' ? `${word}\n` : `${word}\t${summary}\n`);
  }
}

async function liveValues(
  client: Client,
  kind: ValueKind,
  words: readonly string[],
): Promise<readonly Candidate[]> {
  if (kind === 'playground') {
    const { playgrounds } = await client('playground.list');
    return playgrounds.map(({ name, title, status }) => ({ word: name, summary: `${title} (${status})` }));
  }
  if (kind === 'machine') {
    const { machines } = await client('playground.machines', { parameters: { playground: words[0] ?? '' } });
    return machines.map(({ name, state }) => ({ word: name, summary: state }));
  }
  if (kind === 'operation') {
    const { operations } = await client('operation.list', { query: { limit: 20 } });
    return operations.map(({ id, kind, status }) => ({ word: id, summary: `${kind} (${status})` }));
  }
  if (kind === 'playspec') {
    const { playspecs } = await client('playspec.list');
    return playspecs.map(({ name, title }) => ({ word: name, summary: title }));
  }
  if (kind === 'user') {
    const { users } = await client('user.list');
    return users.map(({ name, admin }) => ({ word: name, summary: admin ? 'administrator' : '' }));
  }
  if (kind === 'token') {
    const { tokens } = await client('token.list', { parameters: { user: 'me' } });
    return tokens.map(({ name, createdAt }) => ({
      word: name,
      summary: `made on ${createdAt.slice(0, 10)}`,
    }));
  }
  if (kind === 'kernel') {
    const { kernels } = await client('kernel.list');
    return kernels.map(({ name, release }) => ({ word: name, summary: release ?? 'not installed yet' }));
  }
  if (kind === 'snapshot') {
    const { snapshots } = await client('snapshot.list');
    return snapshots.map(({ id, playgroundName, origin }) => ({
      word: id,
      summary: `${origin} of ${playgroundName}`,
    }));
  }
  if (kind === 'layer') {
    const { layers } = await client('layer.list');
    return layers.map(({ id, kind }) => ({ word: id, summary: kind }));
  }
  if (kind !== 'source') return [];
  const { sources } = await client('source.list');
  return sources.map(({ name, description }) => ({ word: name, summary: description }));
}
