import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { completionScripts, shells } from '../../command/completion-scripts.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse completion` */
export async function completion(context: Context, input: { readonly shell: string }): Promise<undefined> {
  const shell = shells.find((name) => name === input.shell);
  if (shell === undefined) {
    const detail = `There is no completion for \`${input.shell}\`; there is one for ${shells.join(', ')}.`;
    throw new PlayhouseError('usage', { detail, command: 'completion' });
  }
  context.stdout.write(completionScripts[shell]);
}
