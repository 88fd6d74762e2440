const colourCodes = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;?]*[ -/]*[@-~]`, 'g');

/** Takes out what could drive a reader’s terminal: everything but printable characters, line ends and tabs. */
export function printable(text: string): string {
  return text.replaceAll(colourCodes, '').replaceAll(/[^\P{Cc}\n\t]/gu, '');
}
