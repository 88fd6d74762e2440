import { expect, test } from 'vitest';
import { selectTasks } from './select-tasks.ts';
import { machineText, manifestText, parsed, problemsOf } from './testing/manifest-text.ts';

const text = (...tasks: string[]) =>
  manifestText([machineText('a')], ['initTasks:', ...tasks.map((task) => `  ${task}`)]);
const taking = (task: string) => selectTasks(parsed(text(`t: ${task}`)).playground, {})[0]?.takesInput;

test.each([
  [`{ run: 'echo x(.input)' }`, true],
  [`{ run: 'true', env: ['A=x(.input)'] }`, true],
  [`{ run: 'true', failcheck: 'test x( .input )' }`, true],
  [`{ run: 'true', destination: /root/answer }`, true],
  [`{ run: 'true # x(.input)' }`, false],
  [`{ run: 'jq index(.input)' }`, false],
])('%s takes an input: %s', (task, expected) => {
  expect(taking(task)).toBe(expected);
});

const asking = `ask: { helper: true, run: 'test x(.input)' }`;

test('an init task that waits for an input, itself or by what it needs, is refused at its place', () => {
  const own = problemsOf(text(`own: { init: true, destination: /a, run: 'true' }`));
  expect(own).toMatchObject([
    {
      code: 'manifest-init-input',
      path: 'playground.initTasks.own.init',
      message: expect.stringContaining('it takes an input') as string,
    },
  ]);
  const far = problemsOf(
    text(
      asking,
      `mid: { needs: [ask], helper: true, run: 'true' }`,
      `far: { init: true, needs: [mid], run: 'true' }`,
    ),
  );
  expect(far).toMatchObject([
    {
      path: 'playground.initTasks.far.init',
      message: expect.stringContaining('`ask`, which it waits for') as string,
    },
  ]);
});

test('an init task beside one that takes an input is none of its business', () => {
  expect(problemsOf(text(asking, `prepare: { init: true, run: 'true' }`))).toEqual([]);
});
