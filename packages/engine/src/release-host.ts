import type { Configuration } from '@playhouse/contract/configuration';
import { Networks } from './networks/networks.ts';
import { Cgroups } from './system/cgroup.ts';
import { releaseDocker, releaseServices } from './services/open-services.ts';
import { enginePaths } from './system/engine-paths.ts';
import { openInstallation } from './system/installation.ts';
import { claim } from './system/single-instance.ts';
import { isMissing } from './system/durable-file.ts';

/**
 * Takes back what an engine set up on the host for all playgrounds together: firewall table, cgroup, the proxy and a Docker Engine of
 * ours with its bridge and chains. For when the installation is removed; its playgrounds must be gone. Idempotent.
 * @throws PlayhouseError socket-in-use while an engine runs
 */
export async function releaseHost(configuration: Configuration): Promise<void> {
  const paths = enginePaths(configuration);
  await claim(paths.engineSocket).catch((error: unknown) => {
    // No run folder: no engine was ever here.
    if (!isMissing(error)) throw error;
  });
  const installation = await openInstallation(paths.installation).catch(() => null);
  if (installation === null) return;
  await releaseServices(paths, configuration.ingress);
  await new Networks({ devices: installation.devices, runFolder: paths.run, nameservers: [] }).releaseHost();
  await releaseDocker(paths);
  await new Cgroups(installation.cgroup).remove('');
}
