// An installation in the host’s own network, which has a kernel and no source: for tests that make their sources themselves.
import { cp } from 'node:fs/promises';
import { defaultKernel } from '@playhouse/contract/manifest/kernel-reference';
import { Installation } from '../../end-to-end/support/installation.ts';
import { imageCache } from '../../end-to-end/support/locations.ts';

/** Emulated machines of large images take their time. */
const bootTimeoutSeconds = 600;

export async function bareInstallation(): Promise<Installation> {
  const installation = await Installation.create({ images: false, hostNetwork: true, bootTimeoutSeconds });
  const folder = `kernels/${defaultKernel}`;
  await cp(`${imageCache}/${folder}`, `${installation.state}/${folder}`, {
    recursive: true,
    preserveTimestamps: true,
  });
  await installation.startServer();
  await installation.startEngine();
  return installation;
}

/** Boots one machine of a source; gives what runs commands on it as laborant, with root’s rights by sudo. */
export async function bootOne(
  installation: Installation,
  source: string,
  ramSize: string,
): Promise<{
  readonly address: string;
  readonly on: (command: string) => Promise<string>;
  readonly destroy: () => Promise<void>;
}> {
  const manifest = `
kind: playground
playground:
  machines:
    - name: vm
      users: [{ name: laborant }, { name: root }]
      drives: [{ source: '${source}', mount: / }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 2, ramSize: ${ramSize} }
`;
  const { playground, operation } = await installation.start(manifest);
  const { error } = await installation.ended(operation.id, 900_000);
  if (error) throw new Error(JSON.stringify(error));
  const { machines } = await installation.playground(playground.id);
  const address = machines[0]?.edgeAddress ?? '';
  const on = async (command: string) => {
    const { code, stdout, stderr } = await installation.ssh(address, 'laborant', command, 400_000);
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}${stdout}`);
    return stdout.trim();
  };
  return { address, on, destroy: async () => void (await installation.destroy(playground.id)) };
}
