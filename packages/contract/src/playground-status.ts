// The life cycle of a playground. Every change of status goes through `nextStatus`; docs/architecture.md draws it.

export const playgroundStatuses = [
  'pending',
  'in_progress',
  'running',
  'has_changes',
  'completed',
  'error',
  'stopping',
  'stopped',
  'destroying',
  'destroyed',
] as const;

export type PlaygroundStatus = (typeof playgroundStatuses)[number];

/** What can happen to a playground. */
export const playgroundEvents = [
  'begin',
  'succeed',
  'fail',
  'retry',
  'change',
  'resolve',
  'complete',
  'stop',
  'restart',
  'rewind',
  'destroy',
] as const;

export type PlaygroundEvent = (typeof playgroundEvents)[number];

const transitions: Readonly<Record<PlaygroundStatus, Partial<Record<PlaygroundEvent, PlaygroundStatus>>>> = {
  pending: { begin: 'in_progress', fail: 'error' },
  in_progress: { succeed: 'running', fail: 'error' },
  running: {
    change: 'has_changes',
    complete: 'completed',
    stop: 'stopping',
    rewind: 'in_progress',
    fail: 'error',
  },
  has_changes: { resolve: 'running', stop: 'stopping', rewind: 'in_progress', fail: 'error' },
  completed: {},
  error: { retry: 'pending', stop: 'stopping' },
  stopping: { succeed: 'stopped', fail: 'error' },
  stopped: { restart: 'in_progress', rewind: 'in_progress' },
  destroying: { succeed: 'destroyed' },
  destroyed: {},
};

/**
 * The status after `event`, or null when the event is not legal in `status`.
 * Destroying is legal from everywhere but the end; it has no failure, only another try.
 */
export function nextStatus(status: PlaygroundStatus, event: PlaygroundEvent): PlaygroundStatus | null {
  if (event === 'destroy') return status === 'destroyed' ? null : 'destroying';
  return transitions[status][event] ?? null;
}

/** True while the playground holds memory and addresses of its playroom. */
export function holdsResources(status: PlaygroundStatus): boolean {
  return status !== 'destroyed' && status !== 'stopped' && status !== 'completed';
}
