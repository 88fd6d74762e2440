// Failures of Docker that are no fault of a service or its image, told by what Docker says of them.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Docker } from './docker.ts';

const fullDisk = /no space left on device|disk quota exceeded/i;
/** As Docker’s proxy says it, and as the kernel does when the port is another program’s. */
const takenPort = /:(\d+) failed: port is already allocated|:(\d+): bind: address already in use/;

/** As Docker says it since its version 27, as it did before, and of a subnet that a file asks for and another network has. */
const noAddresses =
  /could not find an available, non-overlapping IPv[46] address pool|predefined address pools have been fully subnetted|Pool overlaps with other one on this address space/i;

/** What is the matter with the host; null when it is something else. */
export async function hostFailure(said: string, docker: Pick<Docker, 'try'>): Promise<PlayhouseError | null> {
  if (fullDisk.test(said)) {
    const { stdout } = await docker.try(['info', '--format', '{{.DockerRootDir}}']);
    return new PlayhouseError('disk-full', { path: stdout.trim() || '/var/lib/docker' });
  }
  const [addresses] = noAddresses.exec(said) ?? [];
  if (addresses !== undefined) return new PlayhouseError('address-pools-exhausted', { detail: addresses });
  const [, first, second] = takenPort.exec(said) ?? [];
  const port = first ?? second;
  return port === undefined ? null : new PlayhouseError('host-port-taken', { port });
}
