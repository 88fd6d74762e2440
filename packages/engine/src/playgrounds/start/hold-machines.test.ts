import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { expect, test } from 'vitest';
import type { GuestAgent } from '../../guest/guest-agent.ts';
import type { RunningMachine } from '../../machines/machine-driver.ts';
import { quietVoice } from '../../operations/step.ts';
import { enginePaths } from '../../system/engine-paths.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { sampleId, samplePlayground } from '../../testing/sample-playground.ts';
import { PlaygroundRecords } from '../playground-record.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { holdMachines } from './hold-machines.ts';
import type { StartContext } from './start-context.ts';

/** What is done with the two machines of a playground, of which `mute` has an agent that does not answer. */
async function hold(mute: string | null): Promise<{ done: string[]; lines: string[] }> {
  const paths = enginePaths({ stateDirectory: await temporaryDirectory() });
  const records = new PlaygroundRecords(paths);
  await records.load();
  await records.save(samplePlayground());
  const done: string[] = [];
  const machine = (name: string) =>
    ({
      settle: async () => (done.push(`${name} goes on`), new Map()),
      hold: async () => void done.push(`${name} is held`),
    }) as unknown as RunningMachine;
  const machines = new Map(['web', 'db'].map((name) => [name, machine(name)]));
  const use = async (
    { machine: name }: { readonly machine: string },
    _options: unknown,
    work: (agent: GuestAgent) => Promise<unknown>,
  ) => {
    if (name === mute) throw new PlayhouseError('guest-agent-silent', { machine: name, seconds: 20 });
    const exec = async () => (done.push(`${name} logs in`), { exitCode: 0 });
    return await work({ exec } as unknown as GuestAgent);
  };
  const settings = { devices: 'ph1a2b-', edgeRange: '100.64.0.0/10' };
  const context = {
    tools: { paths, records, settings, agents: { use } } as unknown as PlayroomTools,
    id: sampleId,
    running: (name: string) => machines.get(name),
  } as unknown as StartContext;
  const lines: string[] = [];
  await holdMachines.run(
    context,
    quietVoice((line) => lines.push(line), new AbortController().signal),
  );
  return { done, lines };
}

test('machines rehearse a login and stand still then; one that an engine left standing goes on for that', async () => {
  const { done, lines } = await hold(null);
  expect(done).toEqual(['goes on', 'logs in', 'is held'].flatMap((what) => [`web ${what}`, `db ${what}`]));
  expect(lines).toEqual([]);
});

test('one that cannot rehearse is held all the same, and it is said', async () => {
  const { done, lines } = await hold('db');
  expect(done.slice(-2)).toEqual(['web is held', 'db is held']);
  expect(lines).toEqual([expect.stringContaining('db was not made to rehearse a login')]);
});
