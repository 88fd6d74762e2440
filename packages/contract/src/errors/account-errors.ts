import type { ErrorDefinition } from './error-definition.ts';

/** Errors about users, their tokens, and what they may do. */
export const accountErrors = {
  'token-missing': {
    status: 401,
    message: 'The request carries no access token.',
    hint: 'Send `Authorization: Bearer TOKEN`; for the CLI run `playhouse login`, or set PLAYHOUSE_TOKEN or PLAYHOUSE_TOKEN_FILE. `playhouse up` prints where the admin token is.',
  },
  'token-invalid': {
    status: 401,
    message: 'The access token is not known here.',
    hint: 'Check that the token belongs to this server, is complete and was not revoked; `playhouse up` prints where the admin token is.',
  },
  'token-expired': {
    status: 401,
    message: 'The access token `{name}` of {user} expired on {at}.',
    hint: 'Ask an administrator for a new one: `playhouse token create --user {user}`.',
  },
  forbidden: {
    status: 403,
    message: '{user} may not {action}.',
    hint: 'Ask {who}; `playhouse whoami` shows who you are here.',
  },
  'user-unknown': {
    status: 404,
    message: 'There is no user `{name}`.',
    hint: 'Run `playhouse user list` to see them, or create it with `playhouse user create {name}`.',
  },
  'user-exists': {
    status: 409,
    message: 'There is a user `{name}` already.',
    hint: 'Choose another name, or give this user another token: `playhouse token create --user {name}`.',
  },
  'user-protected': {
    status: 409,
    message: 'The user `{name}` cannot be removed.',
    hint: 'It owns what belongs to nobody else. Revoke its tokens instead if somebody has one who should not.',
  },
  'access-token-unknown': {
    status: 404,
    message: '{user} has no access token called `{name}`.',
    hint: 'Run `playhouse token list --user {user}` to see them.',
  },
  'access-token-exists': {
    status: 409,
    message: '{user} has an access token called `{name}` already.',
    hint: 'Choose another name with `--name`, or revoke that one first: `playhouse token revoke {name} --user {user}`.',
  },
  'access-token-protected': {
    status: 409,
    message:
      'The access token `{name}` of {user} is kept in a file of the server, which would bring it back.',
    hint: 'Delete the file (`playhouse up` prints where it is) and restart the server; it makes a new token.',
  },
} as const satisfies Record<string, ErrorDefinition>;
