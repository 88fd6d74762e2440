// The checks that a ready-made tool does. A tool that exits with 0 but prints a warning has failed as well.
import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { root, runCommand, runTool } from '../system/run-command.ts';
import type { CommandResult } from '../system/run-command.ts';
import type { Check, CheckResult } from './check.ts';

function verdict(result: CommandResult, scope: string): CheckResult {
  return { problems: result.code === 0 ? [] : [result.output.trim()], scope };
}

/** A tool that found no file to look at passes for the wrong reason; its summary line tells. */
function counted(result: CommandResult, pattern: RegExp): CheckResult {
  const count = Number(pattern.exec(result.output)?.[1] ?? 0);
  if (result.code === 0 && count === 0)
    return { problems: [`it looked at no file:\n${result.output}`], scope: '0 files' };
  return verdict(result, `${count} files`);
}

const format: Check = {
  name: 'format',
  run: async () => counted(await runTool('oxfmt/bin/oxfmt', ['--check', '.']), /on (\d+) files/),
};

const lint: Check = {
  name: 'lint',
  run: async () =>
    counted(
      await runTool('oxlint/bin/oxlint', [
        '--type-aware',
        '--deny-warnings',
        '--report-unused-disable-directives',
      ]),
      /on (\d+) files/,
    ),
};

const types: Check = {
  name: 'types',
  run: async () => {
    const result = await runTool('typescript/bin/tsc', ['-p', '.', '--noEmit', '--listFilesOnly']);
    const ours = result.stdout.split('\n').filter((line) => line !== '' && !line.includes('node_modules'));
    if (ours.length === 0) return { problems: ['tsc was given no file'], scope: '0 files' };
    return verdict(await runTool('typescript/bin/tsc', ['-p', '.', '--noEmit']), `${ours.length} files`);
  },
};

const unused: Check = {
  name: 'unused',
  run: async () =>
    verdict(await runTool('knip/bin/knip.js', ['--no-progress']), 'files, exports, dependencies'),
};

const shell: Check = {
  name: 'shell',
  run: async () => {
    const scripts = ['playhouse', '.ci/run', 'guest/init'].filter((path) => existsSync(`${root}${path}`));
    const problems: string[] = [];
    for (const script of scripts) {
      const interpreter = script === '.ci/run' ? 'bash' : 'sh';
      const parsed = await runCommand([interpreter, '-n', script]);
      if (parsed.code !== 0) problems.push(parsed.output.trim());
    }
    // Not everyone who checks has root to install it; `./playhouse test` does, so there it is always run.
    // SC2187: guest/init runs under busybox ash, which it checks as dash; that is what we want.
    const linted = await runCommand(['shellcheck', '--exclude=SC2187', ...scripts]);
    const missing = linted.code === 127;
    if (linted.code !== 0 && !missing) problems.push(linted.output.trim());
    return {
      problems,
      scope: `${scripts.length} scripts${missing ? ', shellcheck not installed: syntax only' : ''}`,
    };
  },
};

const folders = ['guest', 'launcher'];

const programs: Check = {
  name: 'C',
  run: async () => {
    const names = await Promise.all(
      folders.map(async (folder) => (await readdir(`${root}${folder}`)).map((name) => `${folder}/${name}`)),
    );
    const sources = names.flat().filter((name) => name.endsWith('.c'));
    const flags = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-fsyntax-only'];
    const result = await runCommand(['cc', ...flags, ...sources]);
    const missing = result.code === 127;
    return missing
      ? { problems: [], scope: 'no C compiler here: left out (./playhouse test installs one)' }
      : verdict(result, `${sources.length} files`);
  },
};

const generated: Check = {
  name: 'generated',
  run: async () => {
    const generators = (await readdir(`${root}scripts`)).filter((name) => /^generate-.*\.ts$/.test(name));
    const results = await Promise.all(
      generators.map(async (name) => runCommand([process.execPath, `scripts/${name}`, '--check'])),
    );
    const problems = results.flatMap((result) => (result.code === 0 ? [] : [result.output.trim()]));
    return { problems, scope: `${generators.length} generators` };
  },
};

export const toolChecks: readonly Check[] = [types, lint, format, unused, shell, programs, generated];
