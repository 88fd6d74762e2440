import { misfit } from '../../snapshots/memory-fit.ts';
import { machineSpecification } from '../machine-specification.ts';
import { machinesOf, planOf, recordOf, type StartContext } from './start-context.ts';

/** Why machines that are to go on from memory cannot, in words; null when all can. */
export async function memoryMisfit(context: Pick<StartContext, 'tools' | 'id'>): Promise<string | null> {
  const { tools, id } = context;
  const snapshot = tools.snapshots.get(recordOf(context).snapshotId ?? '');
  for (const { machine, record } of machinesOf(context).filter((each) => each.record.resumes)) {
    const { name, kernel } = machine.manifest;
    const kept = snapshot.machines.find((each) => each.name === name)?.memory;
    if (!kept) return `there is none of machine ${name}.`;
    const files = await tools.kernels.files(kernel.source);
    const specification = machineSpecification(tools.paths, id, planOf(context), machine, record, files, '');
    const detail = misfit(kept.fit, await tools.memoryFit(specification, kernel.source));
    if (detail !== null) return `${name}: ${detail}`;
    if ((await tools.layers.bytes({ id: kept.layer, kind: 'memory' })) === null)
      return `the memory image ${kept.layer} of ${name} is not on this playroom.`;
  }
  return null;
}
