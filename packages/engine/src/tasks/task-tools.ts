import type { PlayroomTools } from '../playgrounds/playroom-tools.ts';

/** What it takes to run tasks in machines. */
export type TaskTools = Pick<PlayroomTools, 'records' | 'agents' | 'paths' | 'settings'>;
