import { addKernelSteps } from './kernels/add-kernel-steps.ts';
import { destroySteps } from './playgrounds/destroy/destroy-steps.ts';
import { allStartSteps } from './playgrounds/start/start-steps.ts';
import { stopSteps } from './playgrounds/stop/stop-steps.ts';

/**
 * Names of all places on the way of a successful start (with init tasks), stop, restart and destroy of a playground, in that order, and of the
 * addition of a kernel, where PLAYHOUSE_CRASH_POINT makes the engine die.
 */
export function engineCrashPoints(): readonly string[] {
  const boundaries = (kind: string, steps: readonly { readonly label: string }[]) =>
    steps.flatMap(({ label }) => [`${kind}/${label}/begin`, `${kind}/${label}/done`]);
  return [
    ...boundaries('playground.start', allStartSteps),
    ...boundaries('playground.stop', stopSteps(false)),
    ...boundaries('playground.restart', allStartSteps),
    ...boundaries('playground.destroy', destroySteps),
    ...boundaries('kernel.add', addKernelSteps),
  ];
}
