import type { ErrorDefinition } from './error-definition.ts';

/** Init tasks and conditions of a manifest. */
export const manifestTaskErrors = {
  'manifest-too-many-tasks': {
    status: 422,
    message: 'The manifest has more than 200 init tasks.',
    hint: 'Put several commands into the `run` of one task, or bake the work into a source.',
  },
  'manifest-unknown-task': {
    status: 422,
    message: 'There is no init task called `{name}`.',
    hint: '{advice}',
  },
  'manifest-task-cycle': {
    status: 422,
    message: 'The init tasks wait for each other: {cycle}.',
    hint: 'Remove one of these `needs`. A task without `init` also waits for every init task of its machine.',
  },
  'manifest-bad-variable': {
    status: 422,
    message: '`{value}` is not an environment variable.',
    hint: 'Write `NAME=value`; a name has letters, digits and underscores and begins with none of the digits.',
  },
  'manifest-bad-template': {
    status: 422,
    message: '`{template}` cannot be filled in: {reason}.',
    hint: '{advice}',
  },
  'manifest-init-input': {
    status: 422,
    message:
      'The start would wait for ever for the init task `{task}`: {reason}, and inputs are given to playgrounds that run.',
    hint: 'Leave `init` out, or ask for the value at the start, by an init condition: `x(.input.KEY)`.',
  },
  'manifest-condition-value': {
    status: 422,
    message: '`{value}` is not among the options of the init condition `{key}`.',
    hint: 'Use one of: {options}.',
  },
  'manifest-unknown-condition': {
    status: 422,
    message: 'There is no init condition with the key `{key}`.',
    hint: '{advice}',
  },
  'manifest-duplicate-condition': {
    status: 422,
    message: 'Two init conditions have the key `{key}`.',
    hint: 'Give each its own key.',
  },
  'manifest-condition-default': {
    status: 422,
    message: 'The default `{value}` of the init condition `{key}` is not a value that it accepts.',
    hint: 'It accepts: {accepted}.',
  },
} as const satisfies Record<string, ErrorDefinition>;
