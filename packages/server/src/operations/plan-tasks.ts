import type { ChosenConditions } from '@playhouse/contract/manifest/choose-conditions';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import { selectTasks } from '@playhouse/contract/manifest/select-tasks';
import type { Task } from '@playhouse/contract/task';

/** The init tasks of a playground before the engine has run any. */
export function planTasks(manifest: Manifest, conditions: ChosenConditions): Task[] {
  return selectTasks(manifest.playground, conditions).map(
    ({ name, kind, machine, needs, takesInput, definition }) => ({
      name,
      kind,
      machine,
      user: definition.user,
      needs: [...needs],
      status: 'created',
      input: takesInput ? 'awaited' : 'none',
      attempt: 1,
      exitCode: null,
      timedOut: false,
      hint: null,
      startedAt: null,
      endedAt: null,
    }),
  );
}
