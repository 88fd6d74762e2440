/** Ctrl-C: ends the command with status 130. The message says what goes on without the command. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
