// Cuts all machines of a playground at one moment, while they run.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { createBlank } from '../../layers/qemu-img.ts';
import type { MachineCut } from '../../machines/machine-driver.ts';
import { memoryImageBytes } from '../../machines/qemu/machine-line.ts';
import type { StepVoice } from '../../operations/step.ts';
import type { MemoryFit } from '../../snapshots/memory-fit.ts';
import type { SnapshotMemory } from '../../snapshots/snapshot-record.ts';
import { crashPoint } from '../../system/crash-point.ts';
import { isDiskFull } from '../../system/durable-file.ts';
import { machineFiles, machineSpecification } from '../machine-specification.ts';
import type { PlannedMachine } from '../playground-plan.ts';
import { machinesOf, planOf, recordOf } from '../start/start-context.ts';
import type { CutContext } from './finish-cut.ts';
import { stageImage } from './memory-images.ts';
import { planCut } from './plan-cut.ts';

export interface CutWish {
  readonly snapshotId: string;
  /** Take the memory as well. */
  readonly memory: boolean;
  /** Machines go on afterwards, on overlays of their own. Else they stand still and have to be ended. */
  readonly goOn: boolean;
}

/** A machine on its way through the cut. */
interface Subject {
  readonly machine: PlannedMachine;
  readonly fit: MemoryFit;
  readonly image: string | null;
  readonly cut: MachineCut;
}

/** The memory of each machine that ran, its image still where it was staged. */
export interface CutMemory extends Omit<SnapshotMemory, 'layer'> {
  readonly image: string;
}

/**
 * Plans the cut, writes it down, and makes it. Machines that are off are part of the plan. When it throws, machines may stand
 * still and the plan is in the record: `settleCut` puts both right.
 */
export async function cutMachines(
  context: CutContext,
  wish: CutWish,
  voice: Pick<StepVoice, 'detail' | 'log' | 'signal'>,
): Promise<ReadonlyMap<string, CutMemory>> {
  await planAll(context, wish);
  const subjects: Subject[] = [];
  try {
    await Promise.all(
      machinesOf(context).map(async ({ machine }) => {
        const subject = await prepare(context, wish, machine);
        if (subject) subjects.push(subject);
      }),
    );
    voice.signal.throwIfAborted();
    const memory = await standStill(wish, subjects, voice);
    crashPoint('cut/copied');
    return new Map(memory);
  } catch (error) {
    voice.signal.throwIfAborted();
    if (error instanceof PlayhouseError || isDiskFull(error)) throw error;
    throw new PlayhouseError(
      'snapshot-failed',
      { playground: context.id, detail: String(error) },
      { cause: error },
    );
  } finally {
    await Promise.all(subjects.map(async ({ cut }) => await cut.close()));
  }
}

/** Writes down what is going to be done. The new overlays are there before. */
async function planAll(context: CutContext, { snapshotId, goOn }: CutWish): Promise<void> {
  const { tools, id } = context;
  const { machines } = planOf(context);
  const record = recordOf(context);
  const goesOn = (name: string, drive: number) => {
    const planned = machines.find(({ manifest }) => manifest.name === name)?.drives[drive];
    return goOn && context.running(name) !== undefined && planned?.readOnly === false;
  };
  const cut = planCut(snapshotId, record.machines, goesOn, () => tools.layers.newId());
  await Promise.all(
    machines.flatMap((machine) =>
      machine.drives.map(async (drive, index) => {
        const next = cut.machines[machine.manifest.name]?.drives[index]?.next ?? null;
        const sizeBytes = record.machines[machine.index]?.drives[index]?.sizeBytes ?? drive.sizeBytes;
        if (next !== null)
          await createBlank(machineFiles(tools.paths, id, machine).overlay(drive, next), sizeBytes);
      }),
    ),
  );
  await tools.records.save({ ...recordOf(context), cut });
  crashPoint('cut/planned');
}

/** All that can be done before the machine has to stand still; null for one that is off. */
async function prepare(
  context: CutContext,
  { snapshotId, memory }: CutWish,
  machine: PlannedMachine,
): Promise<Subject | null> {
  const { tools, id } = context;
  const { name, kernel } = machine.manifest;
  const running = context.running(name);
  const { cut, machines } = recordOf(context);
  const record = machines[machine.index];
  if (!running || !record) return null;
  const files = machineFiles(tools.paths, id, machine);
  const kernelFiles = await tools.kernels.files(kernel.source);
  const specification = machineSpecification(
    tools.paths,
    id,
    planOf(context),
    machine,
    record,
    kernelFiles,
    '',
  );
  const { ramBytes } = specification;
  const image = memory ? await stageImage(tools, snapshotId, record, memoryImageBytes(ramBytes)) : null;
  const overlays = machine.drives.flatMap((drive, index) => {
    const next = cut?.machines[name]?.drives[index]?.next ?? null;
    return next === null ? [] : [[index, { file: files.overlay(drive, next), number: next }] as const];
  });
  const fit = await tools.memoryFit(specification, kernel.source);
  return { machine, fit, image, cut: await running.prepareCut(ramBytes, new Map(overlays)) };
}

/** The moments for which machines stand still: nothing here may wait for anything but them. */
async function standStill(
  { goOn }: CutWish,
  subjects: readonly Subject[],
  voice: Pick<StepVoice, 'detail' | 'log'>,
): Promise<readonly (readonly [string, CutMemory])[]> {
  const began = performance.now();
  let changed = 0;
  try {
    await all(subjects, async ({ cut }) => await cut.pause());
    crashPoint('cut/paused');
    await all(subjects, async ({ cut }) => await cut.switchDrives());
    crashPoint('cut/switched');
    return await all(subjects, async ({ machine, fit, image, cut }) => {
      if (image === null) return [];
      const { devices, changedBytes } = await cut.saveMemory(image);
      changed += changedBytes;
      return [[machine.manifest.name, { image, devices: devices.toString('base64'), fit }] as const];
    }).then((entries) => entries.flat());
  } finally {
    if (goOn) await Promise.allSettled(subjects.map(async ({ cut }) => await cut.goOn()));
    const ms = (performance.now() - began).toFixed(0);
    if (goOn) voice.detail(`${subjects.length} machines stood still for ${ms} ms`);
    voice.log(`${ms} ms for the cut, ${changed} bytes of changed memory`);
  }
}

/** As Promise.all, but everything has come to its end when it throws. */
async function all<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const outcomes = await Promise.allSettled(items.map(work));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
