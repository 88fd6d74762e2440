import { templatesOf } from './check-templates.ts';
import type { InitTask } from './init-task.ts';

/** True for a task that is given something by the person who uses the playground, and waits for it. */
export function takesInput(task: InitTask): boolean {
  if (task.destination !== undefined) return true;
  const texts = [task.run, task.hintcheck ?? '', task.failcheck ?? '', ...task.env];
  // Reading a script as a shell does is dear, and this is asked often.
  if (!texts.some((text) => text.includes('.input'))) return false;
  return templatesOf('', task).some(
    ({ template, context }) => template.kind === 'user-input' && context !== 'comment',
  );
}
