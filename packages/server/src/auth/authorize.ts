// Applies the rule that a route declares, before its handler runs.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isOnPlayground, type Operation } from '@playhouse/contract/operation';
import { type AccessRule, tokenNeed } from '@playhouse/contract/routes/access-rule';
import type { Database } from '../store/schema.ts';
import { findOperation } from '../store/operations.ts';
import { findPlayground } from '../store/playgrounds.ts';
import { findPlayspec } from '../store/playspecs.ts';
import type { Login } from './authenticate.ts';
import { may, type Subject } from './may.ts';
import { requirePlayspec, subjectOf } from './require-playspec.ts';
import { isAdmin, type Principal, visitor } from './principal.ts';

/** The parts of a request that a rule looks at, as the route parsed them. */
export interface Named {
  readonly parameters?: unknown;
  readonly body?: unknown;
}

/**
 * Who calls a route with that rule, before anything of the request but its headers is read.
 * @throws PlayhouseError token-missing, forbidden
 */
export function admit(rule: AccessRule, login: Login | null): Principal {
  if (login === null && tokenNeed(rule) === 'required') throw new PlayhouseError('token-missing');
  const principal: Principal = login === null ? visitor : { kind: 'user', ...login.user };
  if (rule === 'admin' && !isAdmin(principal)) {
    const user = login?.user.name ?? 'A visitor';
    throw new PlayhouseError('forbidden', {
      user,
      action: 'do what only administrators may',
      who: 'an administrator',
    });
  }
  return principal;
}

/**
 * Checks what the rule says about the thing that the request names.
 * @throws PlayhouseError forbidden, or as if it were not there what the caller may not list: playground-unknown,
 * operation-unknown, playspec-unknown, user-unknown
 */
export async function authorize(
  database: Database,
  rule: AccessRule,
  principal: Principal,
  request: Named,
): Promise<void> {
  switch (rule) {
    case 'public':
    case 'visitor':
    case 'user':
    case 'admin':
    case 'snapshot':
      return;
    case 'account':
      return requireAccount(principal, text(request.parameters, 'user'));
    case 'playground':
      return requireOwnPlayground(
        database,
        principal,
        text(request.parameters, 'playground'),
        'refuse spares',
      );
    case 'playground.any':
      return requireOwnPlayground(database, principal, text(request.parameters, 'playground'), 'take spares');
    case 'operation':
      return requireOwnOperation(database, principal, text(request.parameters, 'operation'));
    case 'playspec.read':
      await requirePlayspec(database, principal, 'read', text(request.parameters, 'name'));
      return;
    case 'playspec.base':
      // A Compose file has no base.
      if (optional(request.body, 'base') !== undefined)
        await requirePlayspec(database, principal, 'read', text(request.body, 'base'));
      return;
    case 'playspec.start':
      await requirePlayspec(database, principal, 'start', text(request.body, 'playspec'));
      return;
    case 'playspec.manage':
      await requirePlayspec(database, principal, 'manage', text(request.parameters, 'name'));
      return;
    case 'playspec.prewarm':
      await requirePlayspec(database, principal, 'prewarm', text(request.parameters, 'name'));
  }
}

/** The account that a path names: `me` is the caller's own. */
export function accountOf(principal: Principal, named: string): string {
  return named === 'me' && principal.kind === 'user' ? principal.name : named;
}

/** Whether a principal may see an operation and what it says. */
export async function seesOperation(
  database: Database,
  principal: Principal,
  { subject }: Pick<Operation, 'subject'>,
): Promise<boolean> {
  if (isAdmin(principal)) return true;
  if (subject.kind === 'playspec') {
    const playspec = await findPlayspec(database, subject.name);
    return playspec !== null && may(principal, 'manage', subjectOf(playspec));
  }
  const reference = playgroundOf(subject);
  if (reference === null) return may(principal, 'read', { kind: 'installation' });
  const playground = await findPlayground(database, reference);
  return playground !== null && may(principal, 'read', { kind: 'playground', owner: playground.owner });
}

/** What names the playground that an operation is about; a snapshot’s subject begins with its name. */
function playgroundOf(subject: Operation['subject']): string | null {
  if (isOnPlayground(subject)) return subject.id;
  return subject.kind === 'snapshot' ? (subject.name.split('/', 1)[0] ?? null) : null;
}

function requireAccount(principal: Principal, named: string): void {
  const subject: Subject = { kind: 'account', user: accountOf(principal, named) };
  if (!may(principal, 'manage', subject)) throw new PlayhouseError('user-unknown', { name: named });
}

async function requireOwnPlayground(
  database: Database,
  principal: Principal,
  reference: string,
  spares: 'refuse spares' | 'take spares',
): Promise<void> {
  const playground = await findPlayground(database, reference);
  if (playground === null || !may(principal, 'manage', { kind: 'playground', owner: playground.owner }))
    throw new PlayhouseError('playground-unknown', { reference });
  // Whoever takes it over must be the first to have been in it.
  if (!playground.spare || spares === 'take spares') return;
  const { name, playspec } = playground;
  throw new PlayhouseError('playground-spare', { playground: name, playspec: playspec.name });
}

async function requireOwnOperation(database: Database, principal: Principal, id: string): Promise<void> {
  const operation = await findOperation(database, id);
  const own = operation !== null && (await seesOperation(database, principal, operation));
  if (!own) throw new PlayhouseError('operation-unknown', { id });
}

/** What a rule needs and the route does not have is a fault of the route table; a test holds them together. */
function optional(part: unknown, name: string): unknown {
  return (part as Readonly<Record<string, unknown>> | undefined)?.[name];
}

function text(part: unknown, name: string): string {
  const value = optional(part, name);
  if (typeof value === 'string') return value;
  throw new Error(`the access rule of the route needs ${name}`);
}
