// Fields that Compose files have today. What is not among them is not let through by default: a field that gives the host away
// may be added to Compose any day, as `use_api_socket` and `provider` were.
import { isRecord } from '../manifest/noun.ts';
import type { ManifestPath } from '../manifest/manifest-issue.ts';

const topFields = 'name version services networks volumes configs secrets include'.split(' ');

const serviceFields =
  `annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs
  container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset
  credential_spec depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file
  environment expose extends external_links extra_hosts gpus group_add healthcheck hostname image init ipc isolation
  label_file labels links logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit models network_mode
  networks oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_stop privileged profiles provider
  pull_policy pull_refresh_after read_only restart runtime scale secrets security_opt shm_size stdin_open stop_grace_period
  stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts volumes volumes_from
  working_dir`.split(/\s+/);

const buildFields =
  `additional_contexts args cache_from cache_to context dockerfile dockerfile_inline entitlements extra_hosts
  isolation labels network no_cache no_cache_filter platforms privileged provenance pull sbom secrets shm_size ssh tags
  target ulimits`.split(/\s+/);

const deployFields = `endpoint_mode labels mode placement replicas resources restart_policy rollback_config
  update_config`.split(/\s+/);

export interface UnknownField {
  readonly path: ManifestPath;
  readonly field: string;
  /** What the block that it stands in may have. */
  readonly known: readonly string[];
}

/** Fields of the file, its services and their builds that no version of Compose known here has; `x-…` are nobody's business. */
export function findUnknownFields(file: unknown): readonly UnknownField[] {
  const services = isRecord(file) && isRecord(file['services']) ? Object.entries(file['services']) : [];
  return [
    ...unknownIn(file, [], topFields),
    ...services.flatMap(([name, service]) => {
      const path = ['services', name];
      const part = (field: string) => (isRecord(service) ? service[field] : undefined);
      return [
        ...unknownIn(service, path, serviceFields),
        ...unknownIn(part('build'), [...path, 'build'], buildFields),
        ...unknownIn(part('deploy'), [...path, 'deploy'], deployFields),
      ];
    }),
  ];
}

function unknownIn(block: unknown, path: ManifestPath, known: readonly string[]): readonly UnknownField[] {
  const fields = isRecord(block) ? Object.keys(block) : [];
  return fields
    .filter((field) => !field.startsWith('x-') && !known.includes(field))
    .map((field) => ({ path: [...path, field], field, known }));
}
