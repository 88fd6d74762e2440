import { currentLauncher } from './launcher/current-launcher.ts';
import type { DetachedProcess } from './launcher/launcher.ts';

export type { DetachedProcess } from './launcher/launcher.ts';

/** Starts a program in its own session, with its output in a file; it never shares the engine’s fate. */
export async function startDetached(argv: readonly string[], outputFile: string): Promise<DetachedProcess> {
  return await currentLauncher().startDetached(argv, outputFile);
}
