// A small machine without network or root drive that looks at drives of snapshots, which the host never mounts. What it writes goes
// to overlays that are thrown away with it.
import { machineTypeFor } from '@playhouse/contract/machine-type';
import type { GuestAgent } from '../../guest/guest-agent.ts';
import type { DriveChain } from '../../layers/drive-chain.ts';
import { createBlank, virtualSize } from '../../layers/qemu-img.ts';
import type { MachineSpec } from '../../machines/machine-driver.ts';
import { makePrivateDirectory, removeTree } from '../../system/durable-file.ts';
import type { PlayroomTools } from '../playroom-tools.ts';

const ramBytes = 256 * 1024 ** 2;

type ApplianceTools = Pick<
  PlayroomTools,
  'paths' | 'layers' | 'kernels' | 'driver' | 'agents' | 'commandLine' | 'bootTimeoutMs' | 'cgroups'
>;

/**
 * Boots the appliance with the drives, does work with its agent, and ends it. `work` gets the drives’ devices, in their order. After
 * a crash the janitor removes what is left: all of it carries `id`, which no playground has.
 * @throws PlayhouseError machine-failed, guest-agent-silent, cancelled, and what the work throws
 */
export async function withAppliance<T>(
  tools: ApplianceTools,
  {
    id,
    kernel,
    drives,
  }: { readonly id: string; readonly kernel: string; readonly drives: readonly DriveChain[] },
  signal: AbortSignal,
  work: (agent: GuestAgent, devices: readonly string[]) => Promise<T>,
): Promise<T> {
  const folder = tools.paths.playground(id);
  const run = tools.paths.machineRun(id, 0);
  const files = await tools.kernels.files(kernel);
  const overlay = (index: number) => `${folder}/drive${index}.qcow2`;
  const specification: MachineSpec = {
    id: `${id}/0`,
    name: 'appliance',
    type: machineTypeFor({ drives: drives.length, interfaces: 0 }),
    cpuCount: 1,
    ramBytes,
    kernel: {
      image: files.image,
      initramfs: files.initramfs,
      commandLine: `${tools.commandLine()} playhouse.inspect=1`,
    },
    drives: [
      ...drives.map(({ layer, layers }, index) => ({
        serial: `drive${index}`,
        readOnly: false,
        chain: [overlay(index), ...layers.toReversed().map((each) => tools.layers.path(each)), layer ?? []]
          .flat()
          .map((path) => ({ path, format: 'qcow2' as const })),
      })),
      { serial: 'modules', readOnly: true, chain: [{ path: files.modules, format: 'raw' }] },
    ],
    interfaces: [],
    memory: null,
    enterNetwork: [],
    consoleLog: `${folder}/console.log`,
    processLog: `${folder}/qemu.log`,
    agentSocket: `${run}.agent`,
    controlSocket: `${run}.qmp`,
    pidFile: `${run}.pid`,
  };
  try {
    await removeTree(folder);
    await makePrivateDirectory(folder);
    for (const [index, { sizeBytes }] of drives.entries()) {
      const below = specification.drives[index]?.chain[1]?.path ?? '';
      await createBlank(overlay(index), sizeBytes ?? (await virtualSize(below)));
    }
    const running = await tools.driver.start(specification);
    running.release();
    const place = { socket: specification.agentSocket, machine: 'appliance', playground: id };
    const options = { timeoutMs: tools.bootTimeoutMs(), signal };
    return await tools.agents.use(place, options, async (agent) => {
      // As Linux counts them: the drives come first.
      return await work(
        agent,
        drives.map((_, index) => `/dev/vd${String.fromCodePoint(97 + index)}`),
      );
    });
  } finally {
    await tools.driver.kill(specification);
    tools.agents.hangUp(specification.agentSocket);
    await tools.cgroups.remove(id);
    await removeTree(folder);
  }
}
