import type { Event } from '@playhouse/contract/event';
import { findOperation } from '../store/operations.ts';
import { findPlayground } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import { seesOperation } from './authorize.ts';
import { may } from './may.ts';
import { isAdmin, type Principal } from './principal.ts';

/** Whether an event is for a principal: those about playgrounds and operations that the principal may read. */
export async function isFor(database: Database, principal: Principal, event: Event): Promise<boolean> {
  if (isAdmin(principal) || event.kind === 'engine') return true;
  if (event.kind === 'playground' || event.kind === 'expiring') {
    return may(principal, 'read', { kind: 'playground', owner: event.playground.owner });
  }
  if (event.kind === 'task') {
    const playground = await findPlayground(database, event.playgroundId);
    return playground !== null && may(principal, 'read', { kind: 'playground', owner: playground.owner });
  }
  if (event.kind === 'operation') return seesOperation(database, principal, event.operation);
  const operation = await findOperation(database, event.operationId);
  return operation !== null && seesOperation(database, principal, operation);
}
