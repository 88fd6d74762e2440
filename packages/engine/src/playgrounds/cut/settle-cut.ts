import { isAlive } from '../../system/process-identity.ts';
import { recordOf } from '../start/start-context.ts';
import { type CutContext, finishCut } from './finish-cut.ts';

/**
 * Cleans up after a cut that an engine died in, or that failed: machines that stand still go on, and what they write now is what
 * the record says. A machine that has ended meanwhile may have written either overlay: the new one lies on the old one, so it
 * is taken to be the one. Of a final cut nothing is touched: its machines are to end.
 * @throws Error while a machine in the middle of a cut lives and cannot be spoken to
 */
export async function settleCut(context: CutContext): Promise<void> {
  const { cut, machines } = recordOf(context);
  if (cut?.final) return;
  const written = new Map<string, ReadonlyMap<number, number | null>>();
  for (const { name } of machines) {
    const running = context.running(name);
    const numbers = await running?.settle().catch((error: unknown) => {
      // Of one that lives and says nothing nobody knows what it writes: then nothing is touched.
      if (cut !== null && isAlive(running.handle.process)) throw error;
      return null;
    });
    if (numbers) written.set(name, numbers);
  }
  await finishCut(context, (machine, drive) => {
    const next = cut?.machines[machine]?.drives[drive]?.next ?? null;
    const numbers = written.get(machine);
    // One that lives and was to be switched to nothing was to end: it goes on writing what it wrote.
    return numbers === undefined || (next !== null && numbers.get(drive) === next);
  });
}
