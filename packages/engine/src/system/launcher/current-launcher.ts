import { directLauncher } from './direct-launcher.ts';
import type { Launcher } from './launcher.ts';

let current: Launcher = directLauncher;

/** Whoever starts the programs of this process now. */
export function currentLauncher(): Launcher {
  return current;
}

/** Has somebody else start them from now on. A process has one launcher: the memory that it spares is the process’s. */
export function useLauncher(launcher: Launcher): void {
  current = launcher;
}
