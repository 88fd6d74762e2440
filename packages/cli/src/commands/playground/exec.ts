import { type ExecEnds, runExec } from '../../connection/exec-stream.ts';
import type { Context } from '../../program/context.ts';

export interface ExecInput {
  readonly playground: string;
  readonly service: string;
  readonly command: readonly string[];
  readonly user: string | undefined;
  readonly noTerminal: boolean;
}

/** `playhouse playground exec`: resolves with the exit status of the command. */
export async function execInService(context: Context, input: ExecInput): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const hasTerminal = stdin.isTTY && stdout.isTTY && !input.noTerminal;
  const terminal: ExecEnds['terminal'] = hasTerminal
    ? {
        // One that does not know its size says 0.
        size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
        onResize: (changed) => {
          stdout.on('resize', changed);
          return () => void stdout.off('resize', changed);
        },
      }
    : null;
  const connection = await context.connect();
  // From here on the keys are the command’s, Ctrl-C too.
  if (hasTerminal) stdin.setRawMode(true);
  try {
    return await runExec(connection, input, { stdin, stdout, stderr, terminal }, context.signal);
  } finally {
    if (hasTerminal) stdin.setRawMode(false);
  }
}
