const option = <Name extends string>(name: Name, value: string, summary: string) =>
  ({ name, value, repeat: true, summary: `Of a Compose playspec: ${summary}` }) as const;

/** What a start and a rollout may say of a Compose playspec. */
export const serviceOptions = [
  option('variable', 'KEY=VALUE', 'value of a variable; may be given several times'),
  option('env', 'NAME=VALUE', 'a service variable of all services; SERVICE:NAME=VALUE of one'),
  option('branch', 'SERVICE=BRANCH', 'branch of a service; SERVICE=NEW:FROM makes a new one'),
  option('production', 'SERVICE', 'run what is built, without the working copy'),
  option('development', 'SERVICE', 'mount the working copy'),
  option('subdomain', 'SERVICE=NAME', 'first part of a service’s address, @ for the domain itself'),
  option('start-command', 'SERVICE=COMMAND', 'what runs instead of the image’s command'),
  {
    name: 'build-overrides',
    value: 'FILE',
    kind: 'file',
    summary:
      'Of a Compose playspec: YAML by service, merged over its build: context, dockerfile, target, args',
  },
] as const;
