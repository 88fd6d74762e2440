// Fields of a service that take it out of its container: rights, namespaces, devices, other containers.
import type { ManifestPath } from '../../manifest/manifest-issue.ts';
import { isRecord } from '../../manifest/noun.ts';
import { type PolicyFinding, written } from './finding.ts';
import { items } from './items.ts';
import type { LintContext } from './lint-context.ts';
import { isUnknown } from './paths.ts';
import type { PolicyRuleName } from './policy-rules.ts';

type Service = Readonly<Record<string, unknown>>;

/** All of Docker's own capabilities, which every container has: asking for them changes nothing. */
const usual =
  `AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID
  SYS_CHROOT`.split(/\s+/);

/** What stays inside the container's own namespaces. */
const contained = 'IPC_LOCK LEASE NET_ADMIN NET_BROADCAST SYS_NICE SYS_PTRACE SYS_RESOURCE'.split(' ');

export function lintRights(
  service: Service,
  path: ManifestPath,
  context: LintContext,
): readonly PolicyFinding[] {
  const each = (field: string) => items(service[field], [...path, field]);
  const present = (field: string, rule: PolicyRuleName): PolicyFinding[] =>
    isSet(service[field]) ? [{ rule, path: [...path, field], what: written(field, service[field]) }] : [];
  return [
    ...flagged(service, 'privileged', path, context),
    ...['post_start', 'pre_stop'].flatMap((hook) =>
      each(hook).flatMap(({ item, at }) => (isRecord(item) ? flagged(item, 'privileged', at, context) : [])),
    ),
    ...namespaces(service, path),
    ...each('volumes_from').flatMap(({ item, at }) =>
      String(item).startsWith('container:')
        ? [{ rule: 'other-containers' as const, path: at, what: written('volumes_from', item) }]
        : [],
    ),
    ...present('external_links', 'other-containers'),
    ...each('cap_add').flatMap(({ item, at }) => capability(String(item), at, context)),
    ...present('devices', 'device'),
    ...present('device_cgroup_rules', 'device'),
    ...present('gpus', 'gpu'),
    ...gpuReservations(service, path),
    ...each('security_opt').flatMap(({ item, at }) =>
      /^no-new-privileges(?:[:=]true)?$/.test(String(item))
        ? []
        : [{ rule: 'security-option' as const, path: at, what: written('security_opt', item) }],
    ),
    ...present('sysctls', 'sysctl'),
    ...present('cgroup_parent', 'cgroup-parent'),
    ...present('runtime', 'runtime'),
    ...present('isolation', 'runtime'),
    ...flagged(service, 'oom_kill_disable', path, context, 'out-of-memory'),
    ...(Number(service['oom_score_adj']) < 0 ? present('oom_score_adj', 'out-of-memory') : []),
    ...present('provider', 'provider'),
    ...flagged(service, 'use_api_socket', path, context, 'docker-socket'),
  ];
}

/** True, or anything that might become it. */
function flagged(
  block: Service,
  field: string,
  path: ManifestPath,
  context: LintContext,
  rule: PolicyRuleName = 'privileged',
): readonly PolicyFinding[] {
  const value = block[field];
  const off =
    value === undefined ||
    value === null ||
    value === false ||
    value === 'false' ||
    isUnknown(value, context);
  return off ? [] : [{ rule, path: [...path, field], what: written(field, value) }];
}

function namespaces(service: Service, path: ManifestPath): readonly PolicyFinding[] {
  return ['network_mode', 'pid', 'ipc', 'uts', 'userns_mode', 'cgroup'].flatMap((field): PolicyFinding[] => {
    const value = service[field];
    if (typeof value !== 'string') return [];
    const finding = { path: [...path, field], what: written(field, value) };
    if (value === 'host') return [{ rule: 'host-namespace', ...finding }];
    if (value.startsWith('container:')) return [{ rule: 'other-containers', ...finding }];
    // A network that is named here is joined as it is, whosever it is; Docker’s own `bridge` is everybody’s.
    const joins = field === 'network_mode' && !/^(none|service:.*)$|\$/.test(value);
    const mend = 'Remove `network_mode`: services of a playground see each other by name.';
    return joins ? [{ rule: 'external-network', ...finding, mend }] : [];
  });
}

function capability(item: string, path: ManifestPath, context: LintContext): readonly PolicyFinding[] {
  const name = item.toUpperCase().replace(/^CAP_/, '');
  if (usual.includes(name) || isUnknown(item, context)) return [];
  const rule = contained.includes(name) ? 'capability' : 'host-capability';
  return [{ rule, path, what: written('cap_add', item) }];
}

function gpuReservations(service: Service, path: ManifestPath): readonly PolicyFinding[] {
  const keys = ['deploy', 'resources', 'reservations', 'devices'];
  const devices = keys.reduce<unknown>((block, key) => (isRecord(block) ? block[key] : undefined), service);
  return isSet(devices) ? [{ rule: 'gpu', path: [...path, ...keys], what: written('devices', devices) }] : [];
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
