import type { ErrorDefinition } from './error-definition.ts';
import { composeDataErrors } from './compose-data-errors.ts';
import { composeLabelErrors } from './compose-label-errors.ts';
import { composeVariableErrors } from './compose-variable-errors.ts';

/** Faults of a Compose file beside those that it shares with other manifests (its YAML, its shape). */
export const composeErrors = {
  'compose-no-services': {
    status: 422,
    message: 'The Compose file has no service.',
    hint: 'List at least one under `services`, as examples/compose/hello.yaml does.',
  },
  'compose-services-missing': {
    status: 422,
    message: 'The Compose file has no field `services`, so there is nothing to run.',
    hint: '{advice}List the services under `services`, as examples/compose/hello.yaml does; a manifest of machines begins with `kind: playground` instead.',
  },
  'compose-bad-service-name': {
    status: 422,
    message: '`{name}` cannot be the name of a service.',
    hint: 'Use letters, digits, `_`, `.` and `-`, beginning with a letter or digit.',
  },
  'compose-bad-name': {
    status: 422,
    message: '`{name}` cannot be a name here.',
    hint: 'Use letters, digits, `_`, `.` and `-`.',
  },
  'compose-service-empty': {
    status: 422,
    message: 'Service `{service}` has neither an `image` nor anything to build.',
    hint: 'Add `image: …`, or name its Git repository in the label `playgrounds.repo_url`.',
  },
  'compose-reference-unknown': {
    status: 422,
    message: 'Service `{service}` names `{name}`, which is not among the {kind} of the file.',
    hint: 'Correct the name, or add it to the file. {advice}',
  },
  'compose-circle': {
    status: 422,
    message: 'Services wait for each other in a circle: {circle}.',
    hint: 'Take one of them out of `depends_on`, `links`, `volumes_from` or what else makes one begin after another: `network_mode`, `pid` and `ipc` of a service.',
  },
  'compose-extends-circle': {
    status: 422,
    message: 'Services extend each other in a circle: {circle}.',
    hint: 'Take `extends` out of one of them.',
  },
  'compose-need-unchosen': {
    status: 422,
    message:
      'Service `{service}` needs `{name}` for its `{field}`, and `{name}` does not run: no profile of it is chosen.',
    hint: 'Choose one when the playground is started, {choice}, or give `{service}` a profile, too. What it only waits for, it can do without by `required: false` under `depends_on`.',
  },
  'compose-none-chosen': {
    status: 422,
    message: 'No service runs: each of them has profiles, and none is chosen.',
    hint: 'Choose one when the playground is started, {choice}, or take `profiles` out of a service that always runs.',
  },
  'compose-job-unchosen': {
    status: 422,
    message: 'No service that the job waits for runs: none of their profiles is chosen.',
    hint: 'Choose one when the job is started, {choice}, or give the label `playgrounds.job_watch` to a service that runs.',
  },
  'compose-exclusive': {
    status: 422,
    message: '{owner} has both `{one}` and `{other}`: {why}.',
    hint: 'Keep one of the two.',
  },
  'compose-part-empty': {
    status: 422,
    message: '{owner} does not say where its content is from.',
    hint: 'Give it {choice}.',
  },
  'compose-build-field': {
    status: 422,
    message:
      '`build.{field}` of service `{service}` is not carried out here: the image would be another than the file says.',
    hint: 'Remove it. A build has `context`, `dockerfile`, `dockerfile_inline`, `target`, `args`, `labels`, `no_cache`, `pull` and `shm_size`.',
  },
  'compose-field-idle': {
    status: 422,
    message: '{owner} has the field `{field}`, which is not carried out here.',
    hint: '{mend}',
  },
  'compose-ingress-port': {
    status: 422,
    message: 'Service `{service}` asks for port {port} of the host, which is the ingress’s own.',
    hint: 'Remove it, and name the port of the container in the label `playgrounds.port`.',
  },
  ...composeDataErrors,
  ...composeLabelErrors,
  ...composeVariableErrors,
  'compose-denied': {
    status: 422,
    message: '{owner} asks for `{what}`, which {why}.',
    hint: '{mend} Rule of the host policy: `{rule}`.',
  },
  'compose-warned': {
    status: 200,
    message: '{owner} asks for `{what}`, which {why}.',
    hint: '{mend} Rule of the host policy: `{rule}`.',
  },
  'compose-nothing-beside': {
    status: 200,
    message:
      'Service `{service}` mounts `{path}`, and no repository is behind this file that could have it: it begins as an empty folder.',
    hint: 'If there is to be something in it, take the file from its repository: `playhouse playspec create NAME --repository URL`. What is only to be kept fits better into a volume.',
  },
  'compose-file-missing': {
    status: 422,
    message: '{owner} names the file `{path}`, and no repository is behind this file that could have it.',
    hint: 'Take the file from its repository, `playhouse playspec create NAME --repository URL`, or write down here what `{path}` would say: `environment`, fields of the service, or `content` of a config or secret.',
  },
  'compose-include': {
    status: 422,
    message:
      'Playhouse does not run files with `include`: it would not know of the services that another file brings.',
    hint: 'Put its services into this file; one of them can take over what another file says by `extends: { file: …, service: … }`.',
  },
  'compose-base': {
    status: 422,
    message: '`{base}` cannot be extended: {detail}.',
    hint: 'Name a file of the repository of this service, or of the one that all services share, and a service in it.',
  },
} as const satisfies Record<string, ErrorDefinition>;
