import type { PlaygroundStatus } from '../playground-status.ts';
import { PlayhouseError } from './playhouse-error.ts';

/** The refusal of what a playground’s status does not allow, with what can be done then. `action`: in a past participle. */
export function wrongState(
  { name, status }: { readonly name: string; readonly status: PlaygroundStatus },
  action: string,
): PlayhouseError {
  const hint = wayOn[status](name);
  return new PlayhouseError('playground-state', { playground: name, status, action }, { hint });
}

const wait = (name: string) =>
  `Wait for its operation to end (\`playhouse playground status ${name}\`), then try again.`;
const runs = (name: string) =>
  `It runs. To start it again, stop it first: \`playhouse playground stop ${name}\`.`;
const over = (name: string) =>
  `It does not come back. Start another one from its playspec in place of ${name}.`;

const wayOn: Readonly<Record<PlaygroundStatus, (name: string) => string>> = {
  ...{ pending: wait, in_progress: wait, stopping: wait, destroying: over, destroyed: over, completed: over },
  ...{ running: runs, has_changes: runs },
  error: (name) => `Take it up again first: \`playhouse playground retry ${name}\`.`,
  stopped: (name) => `Start it again first: \`playhouse playground restart ${name}\`.`,
};
