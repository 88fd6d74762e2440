import type { ErrorDefinition } from './error-definition.ts';

/** Template variables and service variables of a Compose file. */
export const composeVariableErrors = {
  'compose-bad-variable-name': {
    status: 422,
    message: '`{value}` cannot be the name of a variable.',
    hint: 'Use letters, digits and `_`, beginning with a letter, at most 64 characters.',
  },
  'compose-variable-undeclared': {
    status: 422,
    message: 'The variable `{name}` is used and not declared.',
    hint: 'Declare it under `x-playgrounds.variables.{name}`. {advice}',
  },
  'compose-variable-unused': {
    status: 422,
    message: 'The variable `{name}` is declared and used nowhere.',
    hint: 'Write `$$var__{name}` where it belongs, give it a `path`, or remove it.',
  },
  'compose-variable-not-random': {
    status: 422,
    message: '`$$random__{name}` asks for a random value, and the variable `{name}` is not random.',
    hint: 'Write `$$var__{name}`, or declare it with `random: true`.',
  },
  'compose-variable-missing': {
    status: 422,
    message: 'The variable `{name}` ({title}) needs a value.',
    hint: 'Give it at the start.',
  },
  'compose-variable-unknown': {
    status: 422,
    message: 'A value was given for `{name}`, which is no variable of this playspec.',
    hint: '{advice}',
  },
  'compose-variable-refused': {
    status: 422,
    message: 'The value of the variable `{name}` is not of the form {pattern}.',
    hint: 'Give a value in which that RE2 pattern occurs.',
  },
  'compose-bad-node-path': {
    status: 422,
    message: '`{value}` is no place in this file that a variable could be written to.',
    hint: 'Write names with dots and positions in brackets, as in `services.web.ports[0]`. All but the last part must be there.',
  },
  'compose-interpolation': {
    status: 200,
    message: '`{name}` is interpolated and has no default; the environment of the host is never used.',
    hint: 'Give it a value at the start, `--variable {name}=…`, or a default: `${name:-value}` in braces.',
  },
  'compose-bad-interpolation': {
    status: 422,
    message: '`{value}` has a `${` that Docker Compose can make nothing of.',
    hint: 'Write `${NAME}`, `${NAME:-default}` or `${NAME:?message}`, with its closing brace; a dollar sign that is meant as one is `$$`.',
  },
  'compose-literal-template': {
    status: 200,
    message: '`{written}` is no template of a Compose file: it becomes the literal text `{literal}`.',
    hint: '{advice}',
  },
  'compose-idle': {
    status: 200,
    message: '`{field}` is kept and has no effect yet.',
    hint: 'Nothing needs to be done.',
  },
  'compose-bad-environment-line': {
    status: 422,
    message: 'This line is no `NAME=value`: {detail}.',
    hint: 'Write one variable per line; a value with blanks or `#` goes into quotes.',
  },
} as const satisfies Record<string, ErrorDefinition>;
