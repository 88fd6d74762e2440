import { expect, test } from 'vitest';
import { dependencyProblems } from './dependency-reasons.ts';

const manifests = {
  'package.json': { devDependencies: { vitest: '5.1.1' } },
  'packages/a/package.json': { dependencies: { '@playhouse/contract': '0.1.0', zod: '4.6.7' } },
};

test('every dependency with its line is well', () => {
  expect(dependencyProblems(manifests, '- `vitest`: runs tests\n- `zod`: schemas\n')).toEqual([]);
});

test('a dependency without a reason and a reason without a dependency are told', () => {
  const problems = dependencyProblems(manifests, '- `vitest`: runs tests\n- `lodash`: habit\n');
  expect(problems).toEqual([
    'docs/dependencies.md: no line says why zod is there',
    'docs/dependencies.md: lodash is not a dependency any more',
  ]);
});

test('a name without a reason does not count as a line', () => {
  expect(dependencyProblems({ a: { dependencies: { zod: '1.0.0' } } }, '- `zod`: \n')).toHaveLength(1);
});

test('a version range is told', () => {
  expect(dependencyProblems({ a: { dependencies: { zod: '^4.0.0' } } }, '- `zod`: schemas\n')).toEqual([
    'a: zod is "^4.0.0", not an exact version',
  ]);
});
