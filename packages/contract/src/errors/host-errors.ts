import type { ErrorDefinition } from './error-definition.ts';

/** Errors of setting up and talking to an installation: the CLI, the configuration, the host. */
export const hostErrors = {
  'not-root': {
    status: 403,
    message: '`{command}` sets up the host and must run as root.',
    hint: 'Run `sudo {command}`.',
  },
  'unsupported-host': {
    status: 500,
    message: 'This host is not supported: {detail}.',
    hint: 'Playhouse runs on Debian 12 and 13 on amd64.',
  },
  'command-failed': {
    status: 500,
    message: '`{command}` failed with exit code {exitCode}: {detail}',
    hint: 'See the output above; `playhouse doctor` checks the host.',
  },
  'command-missing': {
    status: 500,
    message: 'The program `{command}` is not installed.',
    hint: 'Run `sudo playhouse up`, which installs what a playroom needs.',
  },
  'command-timeout': {
    status: 504,
    message: '`{command}` did not end within {seconds} s and was stopped.',
    hint: 'The host may be overloaded; try again.',
  },
  'configuration-invalid': {
    status: 500,
    message: 'The configuration is not valid: {detail}.',
    hint: 'See docs/configuration.md; settings come from flags, PLAYHOUSE_* variables and {file}.',
  },
  'server-unreachable': {
    status: 503,
    message: 'No Playhouse server answers at {endpoint}.',
    hint: 'Run `sudo playhouse up` on the host, or point PLAYHOUSE_ENDPOINT at the right server.',
  },
  'port-in-use': {
    status: 500,
    message: 'The address {address} is already in use by another program.',
    hint: 'Stop that program, or set another `server.port` in the configuration (or PLAYHOUSE_SERVER_PORT).',
  },
  'socket-in-use': {
    status: 500,
    message: 'The socket {path} is served by another running process.',
    hint: 'Another server or engine runs with the same state directory: stop it, or set another `stateDirectory`.',
  },
  'service-failed': {
    status: 500,
    message: 'The {service} did not come up: {detail}',
    hint: 'See {log} and run `playhouse doctor`.',
  },
  'playgrounds-left': {
    status: 409,
    message: 'Playgrounds still have files below {folder}: {count} in all. The platform was left as it is.',
    hint: 'Run `sudo {program} up`, then `sudo {program} down --purge`: only a running platform can destroy them.',
  },
  'file-unreadable': {
    status: 400,
    message: 'The file {file} cannot be read: {detail}.',
    hint: 'Check its name and permissions; `-` reads standard input.',
  },
  usage: {
    status: 400,
    message: '{detail}',
    hint: 'Run `playhouse {command} --help` for examples.',
  },
} as const satisfies Record<string, ErrorDefinition>;
