import { constantFrom, sample, string } from 'fast-check';
import { expect, test } from 'vitest';
import { run } from '../system/run.ts';
import { renderScript } from './render-script.ts';

/** Runs a rendered script by each shell; gives what they print, which must be the same. */
async function printed(script: string, stdout: string, env: readonly string[] = []): Promise<string> {
  const text = rendered(script, stdout, env);
  const results = await Promise.all(
    ['bash', 'sh'].map((shell) => run([shell, '-c', 'eval "$(cat)"'], { input: text })),
  );
  expect(results[0]?.stdout).toBe(results[1]?.stdout);
  expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  return results[0]?.stdout ?? '';
}

function rendered(script: string, stdout: string, env: readonly string[] = []): string {
  const outputs = { t: { stdout, stderr: 'err', exitCode: 0, input: 'in' } };
  return renderScript(script, env, { outputs, conditions: { 'Container runtime': 'cri-o' }, input: stdout });
}

const places = {
  'in double quotes': 'printf %s "<x(.needs.t.stdout)>"',
  'in single quotes': "printf %s '<x(.needs.t.stdout)>'",
  'in single quotes within a substitution within double quotes': `printf %s "$(printf %s '<x(.needs.t.stdout)>')"`,
  'in an environment variable': 'printf %s "<$VALUE>"',
  'in a here-document': 'cat <<END\n<x(.needs.t.stdout)>\nEND\n',
} as const;

const pieces = constantFrom(
  "'",
  '"',
  '`',
  '$(touch /tmp/owned)',
  '${IFS}',
  '\\',
  '\n',
  'END',
  ';',
  '&',
  '#',
  ' ',
  '*',
  'a',
  '$',
);
const hostile = sample(
  string({ unit: pieces, maxLength: 12 }).map((text) => `.${text}.`),
  200,
);

test.each(Object.entries(places))('hostile output stays data %s', async (_, script) => {
  const env = script.includes('VALUE') ? ['VALUE=x(.needs.t.stdout)'] : [];
  // All in one shell, each in a subshell of its own: a process for each would take long.
  const all = hostile
    .map((text) => `(\n${rendered(script, `\n${text} \n`, env)}\n)\nprintf '\\000'\n`)
    .join('');
  for (const shell of ['bash', 'sh']) {
    const { stdout, exitCode } = await run([shell, '-s'], { input: all });
    expect(exitCode).toBe(0);
    const shown = stdout
      .split('\0')
      .slice(0, -1)
      .map((each) => each.replace(/\n$/, '').replace(/^<|>$/g, ''));
    expect(shown).toEqual(hostile);
  }
});

test('a bare template is split into words, as the described system has it, and is no code', async () => {
  expect(await printed('printf "[%s]" x(.needs.t.stdout)', 'a  b; echo c $(id)')).toBe(
    '[a][b;][echo][c][$(id)]',
  );
});

test('templates stand for stderr, exit codes and chosen conditions too; what does not exist is empty', async () => {
  expect(await printed('echo "x(.needs.t.stderr) x(.needs.t.exit_code)"', '')).toBe('err 0\n');
  expect(await printed("echo 'x(.input.Container runtime)' '[x(.needs.gone.stdout)]'", '')).toBe(
    'cri-o []\n',
  );
});

test('what was given to a task is data wherever it stands, as it was given', async () => {
  const hostile = ` it's "$(touch /nowhere)" \`id\` \\ $HOME; exit 7 #\n`;
  const script = `printf '%s|' "x(.input)" 'x(.input)' "$VALUE" "x(.needs.t.input)"`;
  expect(await printed(script, hostile, ['VALUE=<x(.input)>'])).toBe(
    `${hostile}|${hostile}|<${hostile}>|in|`,
  );
});

test('comments and other programs’ own notation are left alone', async () => {
  const script = "# it's x(.needs.t.stdout)\necho 'index(.needs.t.stdout)' \"don't x(.needs.t.stdout)\"";
  expect(await printed(script, 'out')).toBe("index(.needs.t.stdout) don't out\n");
});

test('a value longer than any argument may be passes whole', async () => {
  const long = 'x'.repeat(200_000);
  expect(await printed("printf %s 'x(.needs.t.stdout)' | wc -c", long)).toBe('200000\n');
});
