import { type DockerAccess, withDockerAccess } from '../../credentials/docker-access.ts';
import type { Docker } from '../docker/docker.ts';
import { recordOf, type ServicesContext } from '../services-context.ts';

/** Does work with a Docker client that the owner’s credentials, or the playroom’s, let in to registries. */
export async function withRegistries<Result>(
  context: ServicesContext,
  docker: Docker,
  work: (docker: Docker, access: DockerAccess) => Promise<Result>,
): Promise<Result> {
  const { credentials, logins } = context.tools;
  const { owner } = recordOf(context).order;
  const { plugins } = docker;
  return await withDockerAccess(
    credentials,
    { owner, plugins, fallback: await logins() },
    async (access) => await work(docker.withConfiguration(access.configuration), access),
  );
}
