import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ControlPlane } from '../control-plane.ts';
import { operateMachine } from '../operations/machine-operation.ts';
import { findMachine, findRunningMachine } from '../operations/find-machine.ts';
import type { HandlersOf } from './handlers.ts';

export function createMachineHandlers(plane: ControlPlane): HandlersOf<'machine'> {
  const { database } = plane.store;
  return {
    'machine.ssh': async ({ parameters, body }) => {
      const { playground, machine } = await findRunningMachine(database, parameters);
      const { access } = await plane.engine.ask({
        kind: 'ssh.authorize',
        playgroundId: playground.id,
        machine: machine.name,
        user: body.user ?? null,
        publicKey: body.publicKey,
      });
      return { access };
    },
    'machine.stop': ({ parameters, query }) =>
      operateMachine(plane, { kind: 'machine.stop', ...parameters, force: query.force }),
    'machine.restart': ({ parameters }) =>
      operateMachine(plane, { kind: 'machine.restart', ...parameters, force: false }),
    'machine.reboot': ({ parameters }) =>
      operateMachine(plane, { kind: 'machine.reboot', ...parameters, force: false }),
    'machine.journal': async ({ parameters, query }) => {
      const { playground, machine } = await findRunningMachine(database, parameters);
      const { journal } = await plane.engine.ask({
        kind: 'journal.read',
        playgroundId: playground.id,
        machine: machine.name,
        unit: query.unit ?? null,
        lines: query.lines,
        since: query.since ?? null,
        until: query.until ?? null,
        after: query.after ?? null,
      });
      return { journal };
    },
    'machine.console': async ({ parameters, query }) => {
      const { playground, machine } = await findMachine(database, parameters);
      if (playground.status === 'destroyed') {
        throw new PlayhouseError('machine-not-running', {
          machine: machine.name,
          playground: playground.name,
        });
      }
      const { console } = await plane.engine.ask({
        kind: 'console.read',
        playgroundId: playground.id,
        machine: machine.name,
        boot: query.boot ?? null,
        offset: query.offset ?? null,
        limit: query.limit,
      });
      return { console };
    },
  };
}
