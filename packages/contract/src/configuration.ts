// The one configuration of an installation: a YAML file, overridden by PLAYHOUSE_* variables. docs/configuration.md is
// generated from this schema.
import { parse } from 'yaml';
import { z } from 'zod';
import { absolutePath } from './absolute-path.ts';
import { parseHostPolicy } from './compose/policy/host-policy.ts';
import { ingressConfigurationSchema } from './ingress-configuration.ts';
import { expiryActions, parseLifetime } from './lifetime.ts';
import { PlayhouseError } from './errors/playhouse-error.ts';
import { parseIpv4, parseSubnet } from './manifest/ipv4.ts';
import { parseStandIns } from './source-stand-ins.ts';
import { vaultConfigurationSchema } from './vault-configuration.ts';

/** Where the configuration file is unless PLAYHOUSE_CONFIG says otherwise. A missing file means: all defaults. */
export const defaultConfigurationFile = '/etc/playhouse/config.yaml';

/** A limit on what manifests get; `least` is what five machines of the smallest size need, or one. */
function limit(least: number, what: string) {
  return z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .refine((value) => value === 0 || value >= least, `expected 0 or at least ${least}`)
    .describe(`${what}; 0 means no limit. A manifest that asks for more is scaled down in proportion`);
}

function lifetime(what: string) {
  return z
    .string()
    .refine(
      (text) => text === 'none' || parseLifetime(text) !== null,
      'expected `none`, or something like `8h`',
    )
    .default('none')
    .describe(what);
}

export const configurationSchema = z.strictObject({
  stateDirectory: z
    .string()
    .regex(
      /^\/[^\s:,]{1,47}$/,
      'expected an absolute path of at most 48 characters without spaces, colons or commas',
    )
    .default('/var/lib/playhouse')
    .describe(
      'Where everything on disk lives (docs/on-disk.md). Sockets are below it, hence the length limit.',
    ),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Log level of server and engine'),
  server: z
    .strictObject({
      host: z.string().default('127.0.0.1').describe('Address the API listens on'),
      port: z.coerce.number().int().min(1).max(65535).default(7700).describe('Port the API listens on'),
      user: z.string().default('playhouse').describe('System user the server runs as'),
      playgroundLimit: z.coerce
        .number()
        .int()
        .min(1)
        .default(100)
        .describe('Most playgrounds at the same time'),
      defaultLifetime: lifetime(
        'How long a playground runs when its start does not say, as `90m`, `8h` or `2d`; `none` is no end',
      ),
      maxLifetime: lifetime('The longest lifetime that can be asked for, from the moment of asking'),
      onExpiry: z
        .enum(expiryActions)
        .default('destroy')
        .describe('What becomes of a playground whose lifetime is over, when its start does not say'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      machineCpus: limit(1, 'Processors of a machine'),
      machineMemoryMiB: limit(64, 'Memory of a machine, in MiB'),
      playgroundCpus: limit(5, 'Processors of all machines of a playground together'),
      playgroundMemoryMiB: limit(320, 'Memory of all machines of a playground together, in MiB'),
    })
    .prefault({}),
  ingress: ingressConfigurationSchema.prefault({}),
  compose: z
    .strictObject({
      hostPolicy: z
        .string()
        .refine(
          (text) => parseHostPolicy(text) !== undefined,
          'expected rules of docs/compose.md with a level, as in `privileged=warn sysctl=allow`',
        )
        .default('')
        .describe(
          'What Compose files may ask of the host, where that differs from the defaults of docs/compose.md: `RULE=LEVEL`, separated by spaces; levels are deny, warn and allow',
        ),
    })
    .prefault({}),
  engine: z
    .strictObject({
      accelerator: z
        .enum(['auto', 'kvm', 'tcg'])
        .default('auto')
        .describe('`auto` probes by really booting; the others skip the probe'),
      memoryBudgetMiB: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .describe(
          'Guest memory the engine may hand out to machines, in MiB; 0 means 80 % of the host’s. Each machine may take up to 448 MiB more for QEMU itself under load',
        ),
      localLayersGiB: z.coerce
        .number()
        .min(0)
        .default(0)
        .describe(
          'What layers of stopped playgrounds may take on disk here, in GiB, once the vault has them; above it the oldest are only there, until somebody starts from them. 0 means no limit',
        ),
      orphanedVolumesHours: z.coerce
        .number()
        .min(0)
        .default(24)
        .describe(
          'How long volumes of Compose playgrounds that the engine does not know are kept, in hours for which an engine has seen them: a state directory that was put back from a backup knows nothing of what was made since. 0 removes them at once',
        ),
      longestChain: z.coerce
        .number()
        .int()
        .min(2)
        .default(16)
        .describe(
          'Layers that a drive may have above its base. A longer chain is merged into one layer in the background. Each is a file that QEMU holds open and one more place to look; merging copies all that was written since the base',
        ),
      bootConcurrency: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .describe('Machines that boot at the same time; 0 means one per CPU'),
      bootTimeoutSeconds: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .describe('How long a machine may take to answer on SSH; 0 means 60 s under KVM, 300 s otherwise'),
      shutdownTimeoutSeconds: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .describe(
          'How long a guest may take to shut down before its power is cut; 0 means 60 s under KVM, 120 s otherwise',
        ),
      edgeRange: z.cidrv4().default('100.64.0.0/10').describe('Range of the machines’ host-side addresses'),
      nameservers: z
        .string()
        .refine((text) => everyWord(text, parseIpv4), 'expected IPv4 addresses, separated by spaces')
        .default('')
        .describe('Name servers of the machines, separated by spaces; empty means the host’s'),
      reachableRanges: z
        .string()
        .refine(
          (text) => everyWord(text, parseSubnet),
          'expected subnets such as 10.1.2.0/24, separated by spaces',
        )
        .default('')
        .describe(
          'Private ranges that machines may reach although they are closed to them, separated by spaces: `10.1.2.0/24`. No manifest can open one',
        ),
      insecureRegistries: z
        .string()
        .default('')
        .describe(
          'Registries (`HOST:PORT`, separated by spaces) that may be spoken to without TLS, or with a certificate nobody vouches for; those on this host always may',
        ),
      imageLimitGiB: z.coerce
        .number()
        .min(0.001)
        .default(16)
        .describe('Most that an image from a registry may take once it is unpacked'),
      sourceStandIns: z
        .string()
        .refine(
          (text) => parseStandIns(text) !== undefined,
          'expected NAME=SOURCE, separated by spaces, each name once',
        )
        .default('ubuntu-22-04=debian-12 ubuntu-24-04=debian-12')
        .describe(
          'Sources that are not had here and what is used in their place, separated by spaces: `NAME=SOURCE`, a source a name or an `oci://` reference. Replaces the whole table; empty means none ([sources.md](sources.md#stand-ins))',
        ),
      docker: z
        .enum(['auto', 'own'])
        .default('auto')
        .describe(
          'Docker Engine of Compose playgrounds: `auto` takes the host’s where one runs, `own` always starts one of its own',
        ),
      repositoryFolders: z
        .string()
        .default('')
        .describe(
          'Folders of this host whose Git repositories playgrounds may clone (`file://`), separated by spaces',
        ),
      gitAuthorityFile: absolutePath.describe(
        'PEM file of authorities of your own that vouch for Git servers, besides those that this host trusts ([compose.md](compose.md#private-repositories-and-registries))',
      ),
      followEverySeconds: z
        .int()
        .min(1)
        .max(86_400)
        .default(60)
        .describe('How often the branches of Compose playgrounds are asked for new commits'),
      buildAhead: z
        .enum(['on', 'off'])
        .default('on')
        .describe(
          'Whether images of new commits are built before a rollout asks for them, of services that run what was built',
        ),
      machineUser: z.string().default('playhouse-vm').describe('System user the QEMU processes run as'),
    })
    .prefault({}),
  vault: vaultConfigurationSchema.prefault({}),
});

export type Configuration = z.infer<typeof configurationSchema>;

/**
 * The effective configuration. `fileText` is the YAML file’s content or null when there is none; `environment` may carry
 * `PLAYHOUSE_STATE_DIRECTORY`, `PLAYHOUSE_SERVER_PORT`, `PLAYHOUSE_ENGINE_EDGE_RANGE` … (path in upper snake case).
 * @throws PlayhouseError configuration-invalid, naming every wrong setting.
 */
export function resolveConfiguration(
  fileText: string | null,
  environment: Readonly<Record<string, string | undefined>>,
  file: string = defaultConfigurationFile,
): Configuration {
  const raw = readYaml(fileText, file);
  for (const path of settingPaths()) {
    const value = environment[environmentName(path)];
    if (value !== undefined) assign(raw, path, value);
  }
  const result = configurationSchema.safeParse(raw);
  if (result.success) return result.data;
  const detail = result.error.issues
    .map((issue) => `${issue.path.join('.') || 'top level'}: ${issue.message}`)
    .join('; ');
  throw new PlayhouseError('configuration-invalid', { detail, file });
}

function everyWord(text: string, parse: (word: string) => unknown): boolean {
  return text.split(/\s+/).every((word) => word === '' || parse(word) !== undefined);
}

/** Every setting as a path, for example `['server', 'port']`. */
export function settingPaths(shape: z.ZodObject = configurationSchema): readonly (readonly string[])[] {
  return Object.entries(shape.shape).flatMap(([key, field]) => {
    const inner = field instanceof z.ZodPrefault ? field.unwrap() : field;
    return inner instanceof z.ZodObject ? settingPaths(inner).map((rest) => [key, ...rest]) : [[key]];
  });
}

/** The variable that overrides a setting: `['server', 'port']` → `PLAYHOUSE_SERVER_PORT`. */
export function environmentName(path: readonly string[]): string {
  const words = path.map((part) => part.replaceAll(/([a-z])([A-Z][a-z])/g, '$1_$2').toUpperCase());
  return `PLAYHOUSE_${words.join('_')}`;
}

function readYaml(text: string | null, file: string): Record<string, unknown> {
  try {
    const value: unknown = text === null ? {} : (parse(text) ?? {});
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (cause) {
    throw new PlayhouseError('configuration-invalid', { detail: String(cause), file }, { cause });
  }
  throw new PlayhouseError('configuration-invalid', { detail: 'expected a mapping at the top level', file });
}

function assign(
  target: Record<string, unknown>,
  [key = '', ...rest]: readonly string[],
  value: string,
): void {
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key];
  const copy = typeof inner === 'object' && inner !== null ? { ...inner } : {};
  target[key] = copy;
  assign(copy, rest, value);
}
