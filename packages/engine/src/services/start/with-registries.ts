import { type DockerAccess, withDockerAccess } from '../../credentials/docker-access.ts';
import type { Docker } from '../docker/docker.ts';
import { recordOf, type ServicesContext, type ServicesTools } from '../services-context.ts';

/**
 * Does work with a Docker client that the credentials of a playground’s owner, or the playroom’s, let in to registries; of the owner’s
 * those that are lent, which is all unless it is said.
 */
export async function withRegistries<Result>(
  context: ServicesContext,
  docker: Docker,
  work: (docker: Docker, access: DockerAccess) => Promise<Result>,
  lends?: (registry: string) => boolean,
): Promise<Result> {
  const { owner } = recordOf(context).order;
  return await withRegistriesOf(owner, context.tools, docker, work, lends);
}

/** The same with the credentials of somebody; an empty name is nobody’s, who has none. */
export async function withRegistriesOf<Result>(
  owner: string,
  { credentials, logins }: Pick<ServicesTools, 'credentials' | 'logins'>,
  docker: Docker,
  work: (docker: Docker, access: DockerAccess) => Promise<Result>,
  lends: (registry: string) => boolean = () => true,
): Promise<Result> {
  const { plugins } = docker;
  return await withDockerAccess(
    credentials,
    { owner, plugins, fallback: await logins(), lends },
    async (access) => await work(docker.withConfiguration(access.configuration), access),
  );
}
