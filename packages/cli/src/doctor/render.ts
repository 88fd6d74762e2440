import type { Style } from '../output/style.ts';
import type { CheckResult } from './check.ts';

/** The list as a person reads it, with a last line that says how it stands. */
export function renderDoctor(results: readonly CheckResult[], style: Style): string {
  const signs = { good: style.green('✓'), warning: style.yellow('!'), broken: style.red('✗') } as const;
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.flatMap(({ name, verdict, found: [first = '', ...more], mend }) => [
    `${signs[verdict]} ${name.padEnd(width)}   ${first}`,
    ...[...more, ...(mend === null ? [] : [`mend: ${mend}`])].map(
      (text) => `${' '.repeat(width + 5)}${text}`,
    ),
  ]);
  const count = results.filter(({ verdict }) => verdict === 'broken').length;
  const end = count === 0 ? 'All is well.' : `${count} ${count === 1 ? 'thing is' : 'things are'} broken.`;
  return `${lines.join('\n')}\n\n${end}\n`;
}
