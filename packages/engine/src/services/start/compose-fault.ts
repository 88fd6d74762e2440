import { endOf } from './rendered.ts';

/** What `docker compose --progress plain` says of its work: a thing that it is at, and how far that is. */
const progress =
  /^ *(?:Container|Network|Volume) \S+ +(?:Creating|Created|Recreate|Recreated|Starting|Started|Restarting|Restarted|Running|Waiting|Healthy|Exited|Stopping|Stopped|Killing|Killed|Removing|Removed|Error) *$/;

/** The end of what `docker compose` said of its failure, without the progress before it; all of it when there is nothing else. */
export function composeFault(said: string): string {
  const fault = said.split('\n').filter((line) => !progress.test(line));
  return endOf(fault.join('\n')) || endOf(said);
}
