import type { ErrorDefinition } from './error-definition.ts';

/** Errors of playgrounds that are made of Compose services, and of the ingress that gives them their addresses. */
export const serviceErrors = {
  'docker-unavailable': {
    status: 503,
    message: 'There is no Docker to run services on: {detail}',
    hint: 'Run `sudo playhouse up`, which installs the Docker Engine; its log is below `run/docker` in the state directory.',
  },
  'not-of-services': {
    status: 409,
    message: '{playground} is made of Compose services, which cannot be {action}: only machines can.',
    hint: 'Stop and restart it, fork it, or save it: its volumes are kept. docs/compose.md says what else works.',
  },
  'diff-of-services': {
    status: 409,
    message:
      '{playground} is made of Compose services, which cannot be compared: only the drives of machines can.',
    hint: 'Compare what is known of it with what is known of the other: `playhouse playground debug {playground}` tells images, commits and variables of each service, and the Compose file.',
  },
  'not-of-machines': {
    status: 409,
    message: '{playground} is made of machines: it has no password.',
    hint: 'Log in with `playhouse ssh`.',
  },
  'playspec-of-machines': {
    status: 422,
    message: '`{playspec}` is a playspec of machines: there are no variables to preview.',
    hint: 'See its manifest: `playhouse playspec manifest {playspec}`.',
  },
  'service-unknown': {
    status: 422,
    message: 'The Compose file of `{playspec}` has no service `{service}`. It has: {known}.',
    hint: 'Choose one of these.',
  },
  'subdomain-unfit': {
    status: 422,
    message: 'Service `{service}` cannot be at the subdomain `{subdomain}`: {reason}.',
    hint: 'A subdomain is one part of a host name: lowercase letters, digits and inner dashes, at most 63, or `@` for the domain itself. A name in another script is written in its `xn--` form.',
  },
  'services-limit': {
    status: 409,
    message: '{whose} may have {limit} Compose playgrounds, and {count} are there already.',
    hint: 'Destroy what is not needed any more, or ask for fewer at once. Stopped playgrounds count.',
  },
  'logs-of-machines': {
    status: 409,
    message: '{playground} is made of machines, which have no logs of services.',
    hint: 'Read the journal of one (`playhouse machine journal`) or its console; `--life-cycle` shows what Playhouse did.',
  },
  'service-missing': {
    status: 404,
    message: '{playground} has no service `{service}`.',
    hint: 'It has: {known}.',
  },
  'service-not-running': {
    status: 409,
    message: 'No container of service `{service}` of {playground} runs: {state}.',
    hint: '`playhouse playground logs {playground} {service}` shows what it said last.',
  },
  'exec-of-machines': {
    status: 409,
    message: '{playground} is made of machines, which have no services to run a command in.',
    hint: 'Log in with `playhouse ssh {playground}`.',
  },
  'ssh-of-services': {
    status: 409,
    message: '{playground} is made of Compose services: it has no machine to log in to.',
    hint: 'Open a shell in the container of a service: `playhouse playground exec {playground} SERVICE`.',
  },
  'exec-limit': {
    status: 503,
    message: 'As many commands run in containers of {playground} as may at once: {count}.',
    hint: 'End one of those that are open.',
  },
  'exec-failed': {
    status: 502,
    message: 'The command could not be run in the container of service `{service}`: {detail}',
    hint: 'Check its words, and the user that was given.',
  },
  'log-stream-unknown': {
    status: 410,
    message: 'That log is not being read any more.',
    hint: 'Open it anew, where it stood.',
  },
  'log-streams-limit': {
    status: 503,
    message: 'As many logs are being read on this playroom as may be: {count}.',
    hint: 'End some of those that are followed.',
  },
  'ingress-failed': {
    status: 502,
    message: 'The ingress ({proxy}) does not serve what it should: {detail}.',
    hint: 'Services run on; see its log below `run/ingress` in the state directory, and whether something else has its ports.',
  },
  'certificate-refused': {
    status: 502,
    message: 'There is no certificate for {host}: {detail}.',
    hint: 'See `ingress` in docs/configuration.md. An authority must be able to reach the host by its name, on the ports 80 and 443.',
  },
  'certificate-unfit': {
    status: 502,
    message: 'The certificate of the configuration cannot be used, {file}: {reason}.',
    hint: 'Mend `ingress.certificateFile` and `ingress.keyFile`; they are read anew with the next change of an address.',
  },
  'service-not-exposed': {
    status: 422,
    message: 'No service `{service}` of {playground} has an address. Those that have one: {known}.',
    hint: 'Choose one of these, or leave the service away to mean all of them.',
  },
  'host-name-taken': {
    status: 409,
    message: 'Service `{service}` would be at {host}, which {holder} has.',
    hint: 'Choose another subdomain for the service: `--subdomain {service}=NAME`. A host is one user’s, whatever the paths.',
  },
  'repository-unknown': {
    status: 422,
    message: 'There is no Git repository at {repository}: {detail}',
    hint: 'Check its address; one that is private looks like one that is not there.',
  },
  'repository-refused': {
    status: 422,
    message: 'The Git repository {repository} lets us not in, {credential}: {detail}',
    hint: 'Give it one that opens it: `playhouse credential add NAME --repository {repository}`.',
  },
  'repository-untrusted': {
    status: 422,
    message:
      'The Git server of {repository} brings a certificate that is not trusted, so nothing was asked of it: {detail}',
    hint: 'Where an authority of your own has signed it, an administrator names that in `engine.gitAuthorityFile`, or has the playroom’s host trust it. A certificate for another name, or one that is out of date, is to be mended at the server.',
  },
  'git-authority-unfit': {
    status: 502,
    message: 'The authorities of Git servers that the configuration names cannot be used, {file}: {reason}.',
    hint: 'Mend the file, which has certificates in PEM, or `engine.gitAuthorityFile`. It is read anew each time.',
  },
  'repository-failed': {
    status: 422,
    message: 'The Git repository {repository} could not be cloned: {detail}',
    hint: 'Try again when it can be reached again.',
  },
  'repository-empty': {
    status: 422,
    message: 'The Git repository {repository} has no commit on its default branch yet.',
    hint: 'Push a first one, or choose a branch that has some: `--branch SERVICE=NAME`.',
  },
  'compose-file-absent': {
    status: 422,
    message: 'The Git repository {repository} has no Compose file for us: {detail}.',
    hint: 'Say where it is: `--path deploy/compose.yaml`, and on which branch: `--branch NAME`.',
  },
  'repository-outside': {
    status: 422,
    message:
      'The repository {repository} is on the playroom itself, in a folder that playgrounds may not read.',
    hint: 'An administrator can open folders: `engine.repositoryFolders`.',
  },
  'repository-changed': {
    status: 409,
    message:
      'The checkout of service `{service}` is of {former}, and the service is to be of {repository}: that is another one.',
    hint: 'Start another playground. Work in the checkout is nobody’s to replace.',
  },
  'branch-unknown': {
    status: 422,
    message: 'The Git repository {repository} has no branch `{branch}`.',
    hint: 'Choose one that it has, or make it from another: `--branch SERVICE=NAME:FROM`.',
  },
  'branch-taken': {
    status: 409,
    message: 'The Git repository {repository} already has a branch `{branch}`, which was to be made anew.',
    hint: 'Take it as it is, `--branch SERVICE=NAME`, or choose another name.',
  },
  'branch-impossible': {
    status: 422,
    message: 'A branch `{branch}` cannot be made in the Git repository {repository}: {detail}.',
    hint: 'Choose another name. Git keeps branches as files do: where there is a branch `a`, none can be `a/b`.',
  },
  'checkout-dirty': {
    status: 409,
    message:
      'The checkout of service `{service}` has changes on branch `{branch}` that were not committed, or files that Git ignores and that would be overwritten.',
    hint: 'Commit or undo them first, or move them away: nobody’s work is overwritten.',
  },
  'work-kept': {
    status: 409,
    message:
      'The lifetime of {playground} is over, and it is kept: the checkouts of {services} have work that only they have, or cannot be read.',
    hint: 'Commit and push it, and the playground goes by itself; or give up the work: `playhouse playground destroy {playground}`.',
  },
  'job-fixed': {
    status: 409,
    message: '{playground} is a job, which cannot be {action}.',
    hint: 'Start another one from its playspec.',
  },
  'rollout-under-way': {
    status: 409,
    message: '{playground} is being rolled out already.',
    hint: 'Wait for operation {operation}, or cancel it: `playhouse operation cancel {operation}`.',
  },
  'image-build-failed': {
    status: 422,
    message: 'The image of service `{service}` could not be built: {detail}',
    hint: 'The whole output is in the log of the operation: `playhouse playground logs PLAYGROUND --life-cycle`.',
  },
  'image-pull-failed': {
    status: 422,
    message: 'The image `{image}` of service `{service}` could not be pulled: {detail}',
    hint: 'Check its name, and whether its registry can be reached from the playroom.',
  },
  'image-absent': {
    status: 422,
    message:
      'The image `{image}` of service `{service}` is not on the playroom, and with `pull_policy: {policy}` it is never pulled.',
    hint: 'Leave `pull_policy` away, or take `missing`; or have who administers the playroom bring the image there.',
  },
  'image-refused': {
    status: 422,
    message:
      'The registry {registry} does not give the image `{image}` of service `{service}`, {credential}: {detail}',
    hint: 'Check its name, or give a credential that may read it: `playhouse credential add NAME --registry {registry} --username USER`.',
  },
  'host-port-taken': {
    status: 409,
    message: 'Port {port} of the host, which a service publishes, is taken.',
    hint: '`ss -lntup` on the host says by whom. Publish another one, or none: the addresses of a playground need no ports of the host.',
  },
  'address-pools-exhausted': {
    status: 409,
    message: 'Docker has no addresses for another network: {detail}.',
    hint: '`docker network ls` on the host says who has some, and `docker network prune` gives back what nobody uses. A subnet that the Compose file asks for must be nobody else’s. More for all others: `"default-address-pools": [{ "base": "10.202.0.0/16", "size": 26 }]` in /etc/docker/daemon.json, then restart Docker. `playhouse playground retry` tries again.',
  },
  'compose-refused': {
    status: 422,
    message: 'The Compose file cannot be run: {detail}',
    hint: 'Mend what is named there and try again. `playhouse playspec check FILE` tells beforehand all that can be told without repositories and Docker.',
  },
  'compose-file-not-committed': {
    status: 422,
    message: 'The file `{path}`, which service `{service}` reads, is in no repository of this playspec.',
    hint: 'Commit it there. One of `env_file` may be missing with `required: false`: `- { path: FILE, required: false }`.',
  },
  'compose-not-rendered': {
    status: 422,
    message: 'Docker Compose makes nothing of this: {detail}.',
    hint: 'Mend it here, or in what this extends.',
  },
  'services-not-healthy': {
    status: 502,
    message: 'Not all services came up: {detail}',
    hint: 'See their logs: `playhouse playground logs`.',
  },
} as const satisfies Record<string, ErrorDefinition>;
