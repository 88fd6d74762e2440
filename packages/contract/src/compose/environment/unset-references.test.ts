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
