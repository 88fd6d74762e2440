import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';

export interface AnswerInput {
  readonly playground: string;
  readonly task: string;
  readonly value: string;
}

/** `playhouse playground answer` */
export async function answerTask(context: Context, input: AnswerInput): Promise<undefined> {
  const { client } = await context.connect();
  const { playground, task: name } = input;
  const { task } = await client('task.input', {
    parameters: { playground, task: name },
    body: { input: input.value === '-' ? (await context.readInput('-')).replace(/\r?\n$/, '') : input.value },
  });
  await finish(
    context,
    { task },
    () => `${name} has its input; see how it goes with \`playhouse playground tasks ${playground}\`.\n`,
  );
}
