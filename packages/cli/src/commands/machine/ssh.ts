import type { Context } from '../../program/context.ts';
import { openSession } from '../../ssh/open-session.ts';

export interface SshInput {
  readonly playground: string;
  readonly command: readonly string[];
  readonly machine: string | undefined;
  readonly user: string | undefined;
  readonly forward: string | undefined;
}

/** `playhouse ssh`: resolves with the remote exit status. */
export async function ssh(context: Context, input: SshInput): Promise<number> {
  const { client } = await context.connect();
  const { playground } = await client('playground.get', { parameters: { playground: input.playground } });
  return openSession(context, { ...input, playground });
}
