import { expect, test } from 'vitest';
import { machineText, manifestText, problemsOf } from './testing/manifest-text.ts';

const problems = (task: string, more: readonly string[] = []) =>
  problemsOf(
    manifestText(
      [machineText('a')],
      [...more, 'initTasks:', '  s: { run: x }', '  t:', ...task.split('\n').map((line) => `    ${line}`)],
    ),
  );

test('templates of needs, in scripts and variables, are sound', () => {
  expect(
    problems(
      'needs: [s]\nenv: ["A=x(.needs.s.stdout)"]\nrun: echo x( .needs.s.stderr ) x(.needs.s.exit_code)',
    ),
  ).toEqual([]);
  expect(problems('needs: [s]\nrun: echo x(.input) x(.needs.s.input)')).toEqual([]);
});

test('what another program writes alike is none', () => {
  expect(problems('run: jq "index(.needs)" f; awk "max(.5)"; echo x(.foo) # x(.needs.what)')).toEqual([]);
});

test.each([
  ['a task that is not needed', 'run: echo x(.needs.s.stdout)', 'the task does not need `s`'],
  ['an unknown form', 'needs: [s]\nrun: echo x(.needs.s.output)', 'it is none of the known forms'],
  ['an unknown condition', 'run: echo x(.input.k)', 'there is no init condition `k`'],
  ['a template in a variable', 'run: echo\nenv: ["A=x(.needs.s.stdout)"]', 'the task does not need `s`'],
])('%s is refused at its place', (_, task, reason) => {
  const [problem, ...others] = problems(task);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ code: 'manifest-bad-template', file: 'm.yaml' });
  expect(problem?.line).toBeGreaterThan(5);
  expect(problem?.message).toContain(reason);
});

test('a here-document in which the shell fills in nothing is refused, any other is not', () => {
  const script = (delimiter: string) =>
    `needs: [s]\nrun: |\n  cat <<${delimiter}\n  x(.needs.s.stdout)\n  END`;
  expect(problems(script("'END'"))).toMatchObject([{ code: 'manifest-bad-template' }]);
  expect(problems(script('"END"'))).toMatchObject([{ code: 'manifest-bad-template' }]);
  expect(problems(script('END'))).toEqual([]);
});

test('a condition that exists can be used', () => {
  expect(
    problems('run: echo x(.input.Some key)', ['initConditions: { values: [{ key: Some key, default: v }] }']),
  ).toEqual([]);
});
