import { assert, array, constantFrom, property } from 'fast-check';
import { expect, test } from 'vitest';
import { shellContexts } from './shell-context.ts';

/** The contexts of all `@` in a script. */
const contexts = (script: string) =>
  shellContexts(
    script,
    [...script.matchAll(/@/g)].map(({ index }) => ({ start: index, end: index + 1 })),
  );

test.each([
  ['echo @', ['bare']],
  ["echo \"@\" '@' $'@' @", ['double', 'single', 'ansi', 'bare']],
  [String.raw`echo "\"@" '\' @ $'\'@'`, ['double', 'bare', 'ansi']],
  [`x="$(docker inspect --format='{{.S}}' '@' @ "@")@"`, ['single', 'bare', 'double', 'double']],
  ['x="${a:-@}" ${a:-@} ${a#@}', ['double', 'bare', 'bare']],
  ['echo `echo @` "`echo @`@"', ['bare', 'bare', 'double']],
  ["# it's @\necho '@' a#'@' #@", ['comment', 'single', 'single', 'comment']],
  ["cat <<A\nit's @\nA\necho '@'", ['heredoc', 'single']],
  ["cat <<'A' && echo @\n@\nA\necho @", ['bare', 'quoted-heredoc', 'bare']],
  ['cat <<-\\A\n\t@\n\tA\necho @', ['quoted-heredoc', 'bare']],
  ['cat <<A <<"B"\n@\nA\n@\nB\n@', ['heredoc', 'quoted-heredoc', 'bare']],
  ['cat <<<@ <<<"@"', ['bare', 'double']],
  ['echo \\@ \\\\@', ['bare', 'bare']],
  ['(echo @); f() { echo "@"; }', ['bare', 'double']],
])('%s', (script, expected) => {
  expect(contexts(script)).toEqual(expected);
});

test('whatever the script, each span has a context and the scan ends', () => {
  const pieces = constantFrom(
    '@',
    "'",
    '"',
    '`',
    '\\',
    '$(',
    ')',
    '${',
    '}',
    '(',
    '#',
    '\n',
    '<<A',
    "<<'A'",
    '\nA\n',
    ' ',
    'a',
    "$'",
    '<<<',
  );
  assert(
    property(array(pieces, { maxLength: 60 }), (drawn) => {
      const script = drawn.join('');
      expect(contexts(script)).toHaveLength(script.split('@').length - 1);
    }),
  );
});
