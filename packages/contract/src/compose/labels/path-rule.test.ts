import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePathRule, type PathRule } from './path-rule.ts';

test.each([
  ['/', { kind: 'prefix', value: '/' }],
  ['/api', { kind: 'prefix', value: '/api' }],
  ['Path(`/health`)', { kind: 'path', value: '/health' }],
  ['PathPrefix("/api")', { kind: 'prefix', value: '/api' }],
  ['PathRegexp(`^/v[0-9]+/`)', { kind: 'regexp', value: '^/v[0-9]+/' }],
  ['!Path(`/a`)', { kind: 'not', rule: { kind: 'path', value: '/a' } }],
])('%s', (text, rule) => {
  expect(parsePathRule(text)).toEqual(rule);
});

test('`&&` binds closer than `||`, and parentheses closest', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ kind: 'path', value: `/${name}` }));
  expect(parsePathRule('Path(`/a`) || Path(`/b`) && Path(`/c`)')).toEqual({
    kind: 'any',
    rules: [a, { kind: 'all', rules: [b, c] }],
  });
  expect(parsePathRule('(Path(`/a`) || Path(`/b`)) && Path(`/c`)')).toEqual({
    kind: 'all',
    rules: [{ kind: 'any', rules: [a, b] }, c],
  });
});

test.each([
  '',
  'api',
  'Host(`other.example.org`)',
  'HostRegexp(`.*`)',
  'Headers(`X-A`, `b`)',
  'Method(`GET`)',
  'Query(`a=b`)',
  'ClientIP(`10.0.0.0/8`)',
  'Path(`/a`) || Host(`b`)',
  'Path(`/a`)) || (Host(`b`)',
  'Path(`a`)',
  'Path(/a)',
  'Path(`/a` `/b`)',
  'Path(`/a`, `/b`)',
  'Path(`/a`) ||',
  'Path(`/a`) Path(`/b`)',
  '(Path(`/a`)',
  'PathRegexp(`(`)',
  'PathRegexp(`(?=a)`)',
  'PathRegexp(``)',
  '/a b',
  '/a`) || Host(`x',
  '/{a:.*}',
  '/api?x=1',
  'Path(`/a#b`)',
  'path(`/a`)',
  'constructor(`/a`)',
  `${'('.repeat(400)}Path(\`/a\`)${')'.repeat(400)}`,
  `/${'a'.repeat(2000)}`,
])('%s is refused', (text) => {
  expect(parsePathRule(text)).toBeUndefined();
});

test('every tree is read as it was written', () => {
  const leaf = fc.record({
    kind: fc.constantFrom('path' as const, 'prefix' as const, 'regexp' as const),
    value: fc.stringMatching(/^\/[a-z0-9/]{0,8}$/),
  });
  const rule = fc.letrec<{ rule: PathRule }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.record({
        kind: fc.constantFrom('any' as const, 'all' as const),
        rules: fc.array(tie('rule'), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('not' as const), rule: tie('rule') }),
    ),
  })).rule;
  fc.assert(
    fc.property(rule, (tree) => {
      expect(parsePathRule(spell(tree))).toEqual(tree);
    }),
  );
});

test('no text breaks the reader', () => {
  const words = fc.array(fc.constantFrom('Path', '(', ')', '`/a`', '&&', '||', '!', ' ', 'Host', ','));
  fc.assert(fc.property(words, (tokens) => void parsePathRule(tokens.join(''))));
  fc.assert(fc.property(fc.string(), (text) => void parsePathRule(text)));
});

function spell(rule: PathRule): string {
  const names = { path: 'Path', prefix: 'PathPrefix', regexp: 'PathRegexp' } as const;
  switch (rule.kind) {
    case 'any':
    case 'all':
      return `(${rule.rules.map(spell).join(rule.kind === 'any' ? ' || ' : ' && ')})`;
    case 'not':
      return `!${spell(rule.rule)}`;
    default:
      return `${names[rule.kind]}(\`${rule.value}\`)`;
  }
}
