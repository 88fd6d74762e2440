import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Interrupted } from './interrupted.ts';

/**
 * Asks the person at the terminal, on standard error, so that output can be redirected; null where there is no terminal.
 * `hidden` shows nothing of what is typed.
 */
export async function ask(question: string, hidden = false): Promise<string | null> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return null;
  stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: hidden ? silent : stderr, terminal: true });
  try {
    // The question was written before: a hidden reader would swallow it.
    return await new Promise<string>((resolve, reject) => {
      reader.once('line', resolve);
      reader.once('SIGINT', () => reject(new Interrupted()));
      reader.once('close', () => resolve(''));
    });
  } finally {
    reader.close();
    if (hidden) stderr.write('\n');
  }
}
