import type { ErrorDefinition } from './error-definition.ts';

/** What another version of a Compose file makes of data that is there: notes, for nothing is refused or deleted. */
export const composeDataErrors = {
  'compose-volume-renamed': {
    status: 200,
    message:
      'Volume `{volume}` is at `{target}` of service `{service}`, where `{former}` was: it begins empty unless an earlier version left it, and what is in `{former}` is not in it.',
    hint: 'Call it `{former}` again to keep the data. {left}',
  },
  'compose-volume-left': {
    status: 200,
    message: 'No service has volume `{volume}` any more: what is in it is not used.',
    hint: '{left}',
  },
  'compose-checkout-left': {
    status: 200,
    message:
      'Service `{service}` is not in the file any more: playgrounds that are upgraded leave its checkout as it is and do not use it.',
    hint: 'Commit and push what is only there. Under another name, a service begins with a checkout of its own.',
  },
  'compose-volumes-end': {
    status: 200,
    message:
      '`persist_volumes` is not set any more: later playgrounds begin with empty volumes, which end with them.',
    hint: 'What earlier ones left is kept and not used, until it is removed: `playhouse playspec volumes {playspec}`.',
  },
} as const satisfies Record<string, ErrorDefinition>;
