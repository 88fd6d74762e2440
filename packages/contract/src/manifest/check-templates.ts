import { advise } from './closest.ts';
import type { InitTask } from './init-task.ts';
import type { PlaygroundSpec } from './manifest.ts';
import type { ManifestIssue, ManifestPath } from './manifest-issue.ts';
import { type ShellContext, shellContexts } from './shell-context.ts';
import { type FoundTemplate, findTemplates } from './task-templates.ts';

interface PlacedTemplate extends FoundTemplate {
  readonly path: ManifestPath;
  readonly context: ShellContext;
}

/** All templates of a task, each with where it stands. */
export function templatesOf(name: string, task: InitTask): readonly PlacedTemplate[] {
  const at = ['playground', 'initTasks', name];
  const scripts = (['run', 'hintcheck', 'failcheck'] as const).flatMap((field) => {
    const text = task[field] ?? '';
    const found = findTemplates(text);
    const contexts = shellContexts(text, found);
    return found.map((each, index) => ({
      ...each,
      path: [...at, field],
      context: contexts[index] ?? 'bare',
    }));
  });
  const variables = task.env.flatMap((text, index) =>
    findTemplates(text).map((each) => ({ ...each, path: [...at, 'env', index], context: 'double' as const })),
  );
  return [...scripts, ...variables];
}

/** Templates that nothing could fill in. `keys` are those of the init conditions; null when they are not known. */
export function checkTemplates(
  { initTasks = {} }: PlaygroundSpec,
  keys: readonly string[] | null,
): ManifestIssue[] {
  return Object.entries(initTasks).flatMap(([name, task]) =>
    templatesOf(name, task).flatMap((found): ManifestIssue[] => {
      const fault = faultOf(found, task, keys);
      if (fault === null) return [];
      return [
        { code: 'manifest-bad-template', path: found.path, parameters: { template: found.text, ...fault } },
      ];
    }),
  );
}

interface Fault {
  readonly reason: string;
  readonly advice: string;
}

function faultOf(
  { template, context }: PlacedTemplate,
  task: InitTask,
  keys: readonly string[] | null,
): Fault | null {
  if (context === 'comment') return null;
  if (template.kind === 'malformed') {
    return {
      reason: 'it is none of the known forms',
      advice:
        'Write `x(.needs.TASK.stdout)`, `.stderr`, `.exit_code`, `.input`, `x(.input)` or `x(.input.KEY)`.',
    };
  }
  if (template.kind === 'output' && !task.needs.includes(template.task)) {
    const advice = `Add it to \`needs\`. ${advise(template.task, task.needs, 'needs of this task')}`;
    return { reason: `the task does not need \`${template.task}\``, advice };
  }
  if (template.kind === 'condition' && keys !== null && !keys.includes(template.key)) {
    return {
      reason: `there is no init condition \`${template.key}\``,
      advice: advise(template.key, keys, 'init conditions'),
    };
  }
  if (context === 'quoted-heredoc') {
    const reason = 'in a here-document with a quoted delimiter a shell fills in nothing';
    return {
      reason,
      advice: 'Give the task an `env` entry with the template, and read that variable there.',
    };
  }
  return null;
}
