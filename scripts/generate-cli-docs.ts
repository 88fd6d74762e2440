// Writes docs/cli.md from the command table, so that it cannot differ from it.
// `--check` writes nothing and fails when the file is not what would be written.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commandTable } from '../packages/cli/src/commands/command-table.ts';
import { renderReference } from '../packages/cli/src/command/reference.ts';

const file = fileURLToPath(new URL('../docs/cli.md', import.meta.url));
const content = renderReference(commandTable);

if (!process.argv.includes('--check')) {
  writeFileSync(file, content);
} else if (current() !== content) {
  console.error('docs/cli.md is out of date: run `node scripts/generate-cli-docs.ts`.');
  process.exitCode = 1;
}

function current(): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
