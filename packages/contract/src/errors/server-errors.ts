import type { ErrorDefinition } from './error-definition.ts';

/** Errors of the control plane: access, unknown things, state, capacity. */
export const serverErrors = {
  'internal-error': {
    status: 500,
    message: 'Something broke inside Playhouse: {message}',
    hint: 'This is a bug. Run `playhouse doctor` and report it with the log of the server or engine.',
  },
  'store-key-lost': {
    status: 500,
    message: 'The key `{file}`, which seals what is secret in the database of the server, {detail}.',
    hint: 'Put back the file that belongs to this database, from a copy of the folder, then start the server again; nothing was changed. docs/on-disk.md says what is left to do where there is no copy.',
  },
  'request-invalid': {
    status: 400,
    message: 'The request is not understood: {detail}.',
    hint: 'Compare it with docs/api.md or GET /api/openapi.json.',
  },
  'request-too-large': {
    status: 413,
    message: 'The request body is larger than {limit}.',
    hint: 'A manifest may be 1 MiB at most; put large files into a source image instead.',
  },
  'route-unknown': {
    status: 404,
    message: 'There is no {method} {path} here.',
    hint: 'See docs/api.md or GET /api/openapi.json for what there is.',
  },
  'conditions-refused': {
    status: 422,
    message: 'The choices for this playground are not in order: {faults}.',
    hint: 'Give each value as `-i KEY=VALUE`, for example `playhouse playground start {playspec} -i {example}`.',
  },
  'wait-timeout': {
    status: 504,
    message: '{playground} was not as wished within {seconds} s; its status is {status}.',
    hint: 'It goes on by itself: see `playhouse playground status {playground}` and `playhouse playground tasks {playground}`.',
  },
  'task-input-refused': {
    status: 409,
    message: 'The init task `{task}` of {playground} takes no input now: {reason}.',
    hint: 'See which task waits for one: `playhouse playground tasks {playground}`.',
  },
  'task-unknown': {
    status: 404,
    message: 'The playground {playground} has no init task called `{task}`.',
    hint: 'Use one of: {known}. A task whose conditions do not hold does not exist.',
  },
  'playground-unknown': {
    status: 404,
    message: 'There is no playground `{reference}`.',
    hint: 'Run `playhouse playground list` to see ids, numbers and names.',
  },
  'machine-unknown': {
    status: 404,
    message: 'Playground {playground} has no machine `{machine}`.',
    hint: 'It has: {known}.',
  },
  'operation-unknown': {
    status: 404,
    message: 'There is no operation `{id}`.',
    hint: 'Run `playhouse operation list` to see them.',
  },
  'operation-not-cancellable': {
    status: 409,
    message: 'Operation {id} is {status} and cannot be cancelled.',
    hint: 'Only what is pending or running can be cancelled, and never a stop or a destroy: wait for a stop, then restart what was stopped.',
  },
  'playground-state': {
    status: 409,
    message: 'Playground {playground} is {status}; it cannot be {action} now.',
    hint: 'Wait for its operation to end (`playhouse playground status {playground}`), then try again.',
  },
  'playground-spare': {
    status: 409,
    message: 'Playground {playground} stands by for a start of {playspec}: until then it is nobody’s.',
    hint: 'Start the playspec: the start takes it over. To give it up: `playhouse playspec spare {playspec} --drop`.',
  },
  'memory-budget': {
    status: 507,
    message:
      'The playground needs {needed} of machine memory, but only {free} of the playroom’s budget of {budget} is free.',
    hint: 'Destroy a playground, give the machines less `resources.ramSize`, or raise `engine.memoryBudgetMiB` in the configuration.',
  },
  'extension-unsaid': {
    status: 422,
    message:
      '{playground} is to run longer, but nobody says by how much: by default a playground of its kind has no end here.',
    hint: 'Say it: `playhouse playground lifetime {playground} +1h`; in the API, `lifetimeSeconds` beside `extend`. The administrator sets a default with `server.defaultLifetime`.',
  },
  'lifetime-too-long': {
    status: 422,
    message: 'A lifetime of {asked} is not allowed on this server: {longest} is the longest.',
    hint: 'Ask for less; it can be extended later (`playhouse playground lifetime`). The administrator sets `server.maxLifetime`.',
  },
  'playground-limit': {
    status: 429,
    message: 'This playroom may have {limit} playgrounds at a time, and {count} are there already.',
    hint: 'Destroy one that is no longer used, ask for fewer at once, or raise `server.playgroundLimit` in the configuration.',
  },
  'engine-down': {
    status: 503,
    message:
      'The engine is not connected, so nothing can be started, changed or looked at inside machines now.',
    hint: 'Run `playhouse doctor`; `sudo playhouse up` starts the engine again. What was accepted before is carried out once it is back.',
  },
  'engine-timeout': {
    status: 504,
    message: 'The engine did not answer `{request}` within {seconds} s.',
    hint: 'The host may be overloaded; try again, and see `playhouse doctor`.',
  },
  'machine-not-running': {
    status: 409,
    message: 'Machine {machine} of playground {playground} is not running.',
    hint: 'See `playhouse playground status {playground}` and the console log with `playhouse console {playground} {machine}`.',
  },
  'tunnel-failed': {
    status: 502,
    message: 'Nothing answers on port {port} of machine {machine}.',
    hint: 'Check that the service listens on 0.0.0.0 inside the machine, then try again.',
  },
} as const satisfies Record<string, ErrorDefinition>;
