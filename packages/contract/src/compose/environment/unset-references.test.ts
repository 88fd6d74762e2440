import { expect, test } from 'vitest';
import { unsetReferences } from './unset-references.ts';

test('what nobody has set is found at its line, and nothing else', () => {
  const text = `# \${COMMENT}
A=1
B=\${A}-\${GIVEN}-$NOBODY
export C="x \${UNSET} \${D:-d}"
D='\${LITERAL}'
E=\\$E $$F # \${LATER}
G=$G
H=\${COMPOSE_PROJECT_NAME}
`;
  expect(unsetReferences(text, { GIVEN: 'x' })).toEqual([
    { name: 'NOBODY', line: 3 },
    { name: 'UNSET', line: 4 },
    { name: 'G', line: 7 },
  ]);
});

test.each([' ', '\n', '\r', '"', ' #', '$', '${A', '\\', 'A'])(
  'much of %j is looked through at once, in one line and in many',
  (piece) => {
    const before = performance.now();
    for (const line of [300_000, 60_000])
      unsetReferences(`A=${piece.repeat(line / piece.length)}x\u2028y\n`.repeat(300_000 / line), {});
    expect(performance.now() - before).toBeLessThan(1000);
  },
);
