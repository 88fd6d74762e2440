// A cut through a playground as pure data: which overlay becomes which layer, and what each drive is written to afterwards. It is
// in the playground’s record before anything is changed, so that whoever comes after a crash knows what may have been done.
import { z } from 'zod';

const driveCutSchema = z.object({
  /** Id of the layer that the present overlay becomes. */
  layer: z.string(),
  /** Number of the overlay that the running machine is switched to; null for a machine that is off or will be. */
  next: z.int().nullable(),
});

export const cutPlanSchema = z.object({
  snapshotId: z.string(),
  /** True once the snapshot is there for good and its machines are to end: they must not go on. */
  final: z.boolean(),
  machines: z.record(
    z.string(),
    z.object({
      /** In the order of the manifest; null where nothing was written since the last cut. */
      drives: z.array(driveCutSchema.nullable()),
      /** Id of the layer that its memory becomes, if that is kept. */
      memory: z.string(),
    }),
  ),
});

export type DriveCut = z.infer<typeof driveCutSchema>;
export type CutPlan = z.infer<typeof cutPlanSchema>;
