import { addKernelSteps } from './kernels/add-kernel-steps.ts';
import { machineSteps } from './playgrounds/machine-steps.ts';
import { destroySteps } from './playgrounds/destroy/destroy-steps.ts';
import { rewindSteps } from './playgrounds/cut/rewind-steps.ts';
import { takeSnapshot } from './playgrounds/cut/take-snapshot.ts';
import { prepareDrives } from './playgrounds/start/prepare-drives.ts';
import { allStartSteps } from './playgrounds/start/start-steps.ts';
import { takeUpSnapshot } from './playgrounds/start/take-up-snapshot.ts';
import { stopSteps, suspendSteps } from './playgrounds/stop/stop-steps.ts';

/** Steps know the snapshot that they make by their operation; names of steps do not depend on it. */
const anySnapshot = '';

/** Places inside a cut, in order; a suspension passes them too, and then its own. */
const cutPoints = ['cut/planned', 'cut/paused', 'cut/switched', 'cut/copied', 'cut/kept'];
const suspendPoints = ['suspend/final', 'suspend/ended'];

/** Places inside the first start of a playground that has a blank drive with a file system. */
const drivePoints = ['drive/formatted', 'drive/made'];

/** Places on the way of the merging of a long chain, which no operation does. */
const mergePoints = ['merge/copied', 'merge/merged', 'merge/adopted', 'merge/laid'];

/** The same for one kind of operation, with the places inside its steps. */
export function crashPointsOf(kind: string): readonly string[] {
  if (kind === 'merge') return mergePoints;
  const points = engineCrashPoints().filter((point) => point.startsWith(`${kind}/`));
  if (kind === 'playground.start') {
    const drives = points.indexOf(`${kind}/${prepareDrives.label}/begin`) + 1;
    return points.toSpliced(drives, 0, ...drivePoints);
  }
  const [begin = '', ...rest] = points;
  if (kind === 'playground.snapshot' || kind === 'playground.rewind') return [begin, ...cutPoints, ...rest];
  if (kind === 'playground.suspend') return [begin, ...cutPoints, ...suspendPoints, ...rest];
  return [begin, ...rest];
}

/**
 * Names of all places on the way of a successful start (with init tasks), stop, restart, snapshot, suspension, rewind and
 * destruction of a playground, in that order, of the stop, restart and reboot of a machine, and of the addition of a kernel, where
 * PLAYHOUSE_CRASH_POINT makes the engine die.
 */
export function engineCrashPoints(): readonly string[] {
  const boundaries = (kind: string, steps: readonly { readonly label: string }[]) =>
    steps.flatMap(({ label }) => [`${kind}/${label}/begin`, `${kind}/${label}/done`]);
  return [
    ...boundaries('playground.start', allStartSteps),
    ...boundaries('playground.stop', stopSteps(false, anySnapshot)),
    ...boundaries('playground.restart', [takeUpSnapshot(false), ...allStartSteps]),
    ...boundaries('playground.snapshot', [
      takeSnapshot({ id: anySnapshot, origin: 'rewind', savedAs: null, memory: true }),
    ]),
    ...boundaries('playground.suspend', suspendSteps(anySnapshot)),
    ...boundaries('playground.rewind', rewindSteps(anySnapshot, { snapshotId: anySnapshot, cold: false })),
    ...boundaries('playground.destroy', destroySteps),
    ...(['machine.stop', 'machine.restart', 'machine.reboot'] as const).flatMap((kind) =>
      boundaries(kind, machineSteps({ kind, force: false })),
    ),
    ...boundaries('kernel.add', addKernelSteps),
  ];
}
