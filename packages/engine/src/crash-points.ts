import { addKernelSteps } from './kernels/add-kernel-steps.ts';
import { destroySteps } from './playgrounds/destroy/destroy-steps.ts';
import { takeSnapshot } from './playgrounds/cut/take-snapshot.ts';
import { allStartSteps } from './playgrounds/start/start-steps.ts';
import { takeUpSnapshot } from './playgrounds/start/take-up-snapshot.ts';
import { stopSteps, suspendSteps } from './playgrounds/stop/stop-steps.ts';

/** Steps know the snapshot that they make by their operation; names of steps do not depend on it. */
const anySnapshot = '';

/** Places inside a cut, in order; a suspension passes them too, and then its own. */
const cutPoints = ['cut/planned', 'cut/paused', 'cut/switched', 'cut/copied', 'cut/kept'];
const suspendPoints = ['suspend/final', 'suspend/ended'];

/** The same for one kind of operation, with the places inside its steps. */
export function crashPointsOf(kind: string): readonly string[] {
  const [begin = '', ...rest] = engineCrashPoints().filter((point) => point.startsWith(`${kind}/`));
  if (kind === 'playground.snapshot') return [begin, ...cutPoints, ...rest];
  if (kind === 'playground.suspend') return [begin, ...cutPoints, ...suspendPoints, ...rest];
  return [begin, ...rest];
}

/**
 * Names of all places on the way of a successful start (with init tasks), suspension, restart, snapshot, stop, restart and
 * destruction of a playground, in that order, and of the addition of a kernel, where PLAYHOUSE_CRASH_POINT makes the engine die.
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
    ...boundaries('playground.destroy', destroySteps),
    ...boundaries('kernel.add', addKernelSteps),
  ];
}
