import { isAlive } from '../../system/process-identity.ts';
import { recordOf } from '../start/start-context.ts';
import { type CutContext, finishCut } from './finish-cut.ts';

/**
 * Brings a final cut to its end that a stop or a suspension failed in, as on a full disk, once all machines have ended: some of
 * what they wrote may be a layer already, and nothing can boot from an overlay that is gone.
 */
export async function finishFinalCut(context: Pick<CutContext, 'tools' | 'id'>): Promise<void> {
  const { cut, machines } = recordOf(context);
  if (!cut?.final || machines.some(({ process }) => process !== null && isAlive(process))) return;
  await finishCut(context, () => true);
}
