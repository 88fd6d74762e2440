// What a Compose file may not ask of the host, and why: docs/compose.md shows this table, and a test holds the two together.

export const policyLevels = ['deny', 'warn', 'allow'] as const;

export type PolicyLevel = (typeof policyLevels)[number];

export interface PolicyRule {
  /** What holds when the administrator says nothing. */
  readonly level: PolicyLevel;
  /** Completes "…, which …". */
  readonly why: string;
  readonly mend: string;
  /** True for what is left out of the final file unless the rule is `allow`. */
  readonly removed?: true;
}

const isolation = 'Remove it: services see each other by name on the networks of the playground.';
const below = 'Keep it in the repository, and write its path relative to the Compose file, without `..`.';

/** Containers that one service may ask for. */
export const mostReplicas = 20;

export const policyRules = {
  privileged: {
    level: 'deny',
    why: 'makes the container root on the host',
    mend: 'Remove it; add the one capability that is needed under `cap_add`, if any.',
  },
  'host-namespace': {
    level: 'deny',
    why: 'lets the container see and touch processes or networks of the host',
    mend: isolation,
  },
  'other-containers': {
    level: 'deny',
    why: 'reaches into containers of other playgrounds',
    mend: 'Name a service of this file instead (`service:NAME`), or share a volume.',
  },
  'docker-socket': {
    level: 'deny',
    why: 'hands over Docker, and with it the host',
    mend: 'Remove it. What needs Docker of its own can run `docker:dind` in a machine playground.',
  },
  'outside-path': {
    level: 'deny',
    why: 'reaches files of the host outside of the checkout',
    mend: `Use a named volume for data. ${below}`,
  },
  'outside-file': {
    level: 'deny',
    why: 'reads files of the host outside of the checkout',
    mend: below,
  },
  device: {
    level: 'deny',
    why: 'opens a device of the host',
    mend: 'Remove it.',
  },
  gpu: {
    level: 'warn',
    why: 'needs a GPU on the playroom and shares it with everybody',
    mend: 'Remove it if the service runs without.',
  },
  'host-capability': {
    level: 'deny',
    why: 'is a way out of the container',
    mend: 'Remove it; most images run with what Docker gives them.',
  },
  capability: {
    level: 'warn',
    why: 'gives the container more rights in the kernel than others have',
    mend: 'Remove it if the service runs without.',
  },
  'security-option': {
    level: 'deny',
    why: 'takes away what holds the container in',
    mend: 'Remove it; only `no-new-privileges` is let through.',
  },
  sysctl: {
    level: 'warn',
    why: 'changes settings of the kernel for the container',
    mend: 'Remove it if the service runs without.',
  },
  'cgroup-parent': {
    level: 'deny',
    why: 'takes the container out of the playground’s limits',
    mend: 'Remove it; `mem_limit` and `cpus` set limits.',
  },
  runtime: {
    level: 'deny',
    why: 'runs the container by another program of the host',
    mend: 'Remove it.',
  },
  'out-of-memory': {
    level: 'deny',
    why: 'makes the kernel kill others when memory runs out',
    mend: 'Remove it; `mem_limit` keeps a service within its own memory.',
  },
  provider: {
    level: 'deny',
    why: 'runs a program of the host instead of a container',
    mend: 'Give the service an `image`.',
  },
  replicas: {
    level: 'deny',
    why: `is more than the ${mostReplicas} containers that one service may have`,
    mend: `Ask for at most ${mostReplicas}.`,
  },
  'container-name': {
    level: 'warn',
    why: 'could exist only once on the playroom',
    mend: 'Remove it: it is left out, and the service is reached by its own name.',
    removed: true,
  },
  'network-name': {
    level: 'warn',
    why: 'could be the network of another playground',
    mend: 'Remove it: it is left out, and every playground has its own network.',
    removed: true,
  },
  'volume-name': {
    level: 'warn',
    why: 'could be the volume of another playground',
    mend: 'Remove it: it is left out, and every playground has its own volume.',
    removed: true,
  },
  'external-network': {
    level: 'deny',
    why: 'is a network of somebody else',
    mend: 'Remove `external`; the playground makes its own.',
  },
  'external-volume': {
    level: 'deny',
    why: 'holds the data of somebody else',
    mend: 'Remove `external`; the playground makes its own.',
  },
  'external-file': {
    level: 'deny',
    why: 'is kept outside of the playground',
    mend: 'Give it a `file` of the repository, `content`, or `environment`.',
  },
  'host-port': {
    level: 'warn',
    why: 'could be taken only once on the playroom',
    mend: 'Remove it: it is left out. Add the label `playgrounds.port` for an HTTPS address of its own.',
    removed: true,
  },
  'network-driver': {
    level: 'deny',
    why: 'joins networks of the host itself',
    mend: 'Remove it; the default driver is `bridge`.',
  },
  'network-option': {
    level: 'deny',
    why: 'sets up the host’s side of the network',
    mend: 'Remove it.',
  },
  'fixed-subnet': {
    level: 'deny',
    why: 'takes addresses for the playroom, whosever they are: of its network, or of the Internet',
    mend: 'Remove `ipam` and fixed addresses: services reach each other by name.',
  },
  'volume-driver': {
    level: 'deny',
    why: 'mounts what the host can reach',
    mend: 'Remove `driver` and `driver_opts`; a `tmpfs` is let through.',
  },
  'remote-context': {
    level: 'warn',
    why: 'is fetched from elsewhere at every build',
    mend: 'Name the repository in `playgrounds.repo_url`, so that branch and commit are known.',
  },
  'build-privilege': {
    level: 'deny',
    why: 'gives the build rights on the host',
    mend: 'Remove it.',
  },
  'build-ssh': {
    level: 'deny',
    why: 'lends SSH keys of the host to the build',
    mend: 'Remove it; pass a token that can only read as a build secret.',
  },
  'build-secret': {
    level: 'warn',
    why: 'may be left in a layer of the image',
    mend: 'Use it in a `RUN --mount=type=secret` only.',
  },
  'build-tag': {
    level: 'warn',
    why: 'could replace an image that others run',
    mend: 'Remove it: it is left out, and the platform names what it builds.',
    removed: true,
  },
  'own-image': {
    level: 'deny',
    why: 'is what the platform built for a playground, or could be',
    mend: 'Name the repository in `playgrounds.repo_url`: the same commit is not built twice.',
  },
  'log-driver': {
    level: 'warn',
    why: 'sends logs where nobody can read them here',
    mend: 'Remove it: it is left out.',
    removed: true,
  },
  'reserved-label': {
    level: 'warn',
    why: 'belongs to the platform, Docker Compose or the ingress',
    mend: 'Remove it: it is left out. Routes are made by the labels `playgrounds.port` and `playgrounds.subdomain`.',
    removed: true,
  },
  'local-repository': {
    level: 'warn',
    why: 'is read from the disk of the playroom, where others may not have it',
    mend: 'Use an address that begins with `https://`.',
  },
  'unknown-field': {
    level: 'deny',
    why: 'is nothing that Compose was known to have when this version was made',
    mend: 'Check its spelling. Extensions begin with `x-`.',
  },
} as const satisfies Record<string, PolicyRule>;

export type PolicyRuleName = keyof typeof policyRules;
