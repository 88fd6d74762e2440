import type { ErrorDefinition } from './error-definition.ts';

/** Labels of the services of a Compose file. */
export const composeLabelErrors = {
  'compose-unknown-label': {
    status: 422,
    message: 'Service `{service}` has a label `{label}`, which means nothing.',
    hint: '{advice}',
  },
  'compose-bad-label': {
    status: 422,
    message: '`{value}` is no value of the label `{label}`.',
    hint: 'Write {form}.',
  },
  'compose-label-twice': {
    status: 422,
    message: 'Service `{service}` has the label `{label}` twice.',
    hint: 'Keep one of the two.',
  },
  'compose-label-idle': {
    status: 200,
    message: 'The label `{label}` of service `{service}` has no effect without `playgrounds.port`.',
    hint: 'Add `playgrounds.port`, the port of the container that requests go to, or remove the label.',
  },
  'compose-port-missing': {
    status: 422,
    message: 'The label `{label}` of service `{service}` needs `playgrounds.port`, the port that is asked.',
    hint: 'Add `playgrounds.port`, or use a `healthcheck:` of Compose, which runs inside the container.',
  },
  'compose-port-unreachable': {
    status: 422,
    message:
      'Service `{service}` has `playgrounds.port` and `network_mode: {mode}`: it is on no network that requests come from.',
    hint: 'Remove `network_mode`. With `service:NAME`, the port may be given to that service instead.',
  },
  'compose-repository-missing': {
    status: 422,
    message: 'Service `{service}` has `{field}`, but no repository that it could be of.',
    hint: 'Add the label `playgrounds.repo_url: https://…`, take the file from its repository (`playhouse playspec create NAME --repository URL`), or remove `{field}`.',
  },
  'compose-repository-password': {
    status: 422,
    message:
      'The label `{label}` has a name or password in it, which everybody reads who may read the playspec.',
    hint: 'Take it out of the address; credentials of repositories are kept by the platform.',
  },
  'compose-zero-downtime': {
    status: 422,
    message: 'Service `{service}` cannot be replaced without downtime: {reason}.',
    hint: '{advice}',
  },
  'compose-host-conflict': {
    status: 422,
    message: 'Services `{other}` and `{service}` want the same requests of the subdomain `{subdomain}`.',
    hint: 'Give one of them another `{label}`, or another `playgrounds.path_rule`.',
  },
  'compose-job-routed': {
    status: 422,
    message: 'Service `{service}` has a route, and a job has none.',
    hint: 'Remove `playgrounds.port`, or start it as an ordinary playground.',
  },
  'compose-job-unwatched': {
    status: 422,
    message: 'A job ends when its watched services have, and no service is watched.',
    hint: 'Add `playgrounds.job_watch: true` to the service that does the work.',
  },
} as const satisfies Record<string, ErrorDefinition>;
