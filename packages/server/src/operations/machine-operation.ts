import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { wrongState } from '@playhouse/contract/errors/wrong-state';
import type { OperationKind } from '@playhouse/contract/operation';
import { findMachine } from './find-machine.ts';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { activeOnPlayground, withoutRevision } from '../store/operations.ts';
import { acceptOperation } from './accept-operation.ts';
import { type AcceptedWork, announce, requireEngine } from './accepted.ts';

export interface MachineRequest {
  readonly kind: Extract<OperationKind, `machine.${string}`>;
  readonly playground: string;
  readonly machine: string;
  /** Cut the power without asking the guest. */
  readonly force: boolean;
}

const verbs = { 'machine.stop': 'stop', 'machine.restart': 'restart', 'machine.reboot': 'reboot' };

/**
 * Has one machine of a running playground stopped, restarted or rebooted. The playground's own status stays as it is.
 * Asking for the same again while it goes on gives the same operation.
 * @throws PlayhouseError engine-down, playground-unknown, playground-state, machine-unknown, machine-not-running
 */
export async function operateMachine(plane: ControlPlane, request: MachineRequest): Promise<AcceptedWork> {
  const { kind, force } = request;
  const { playground, operation } = await plane.store.transaction(async (transaction) => {
    const { playground, machine } = await findMachine(transaction, request);
    requireEngine(plane);
    const { id, name, status } = playground;
    if (status !== 'running' && status !== 'has_changes') {
      const action = `asked to ${verbs[kind]} a machine`;
      throw wrongState({ name, status }, action);
    }
    const subject = { kind: 'machine', id, name: `${name}/${machine.name}` } as const;
    const active = await activeOnPlayground(transaction, id);
    const under = active.find((each) => each.kind === kind && each.subject.name === subject.name);
    if (under !== undefined) return { playground, operation: withoutRevision(under) };
    if (kind !== 'machine.restart' && machine.state !== 'running' && machine.state !== 'booting') {
      throw new PlayhouseError('machine-not-running', { machine: machine.name, playground: name });
    }
    const operationId = plane.newIdentifier();
    const command = { kind, operationId, playgroundId: id, machine: machine.name, force } as const;
    const at = plane.now().toISOString();
    return {
      playground,
      operation: await acceptOperation(transaction, { id: operationId, subject, command, at }),
    };
  });
  crashPoint('machine-committed');
  return announce(plane, playground, operation);
}
