// The one place that decides who may do what. Pure; authorize.ts applies it to routes, audience.ts to events.
import type { AccessControl } from '@playhouse/contract/manifest/access-control';
import { isAdmin, type Principal } from './principal.ts';

export type Action = 'list' | 'read' | 'start' | 'manage' | 'prewarm';

/** What is asked about. A playspec that comes with Playhouse has no owner. */
export type Subject =
  | { readonly kind: 'playground'; readonly owner: string }
  | { readonly kind: 'playspec'; readonly owner: string | null; readonly access: AccessControl }
  | { readonly kind: 'account'; readonly user: string }
  | { readonly kind: 'installation' };

/**
 * Whether `principal` may do `action` to `subject`.
 *
 * - Playgrounds and accounts are their owner's and the administrators'; what belongs to the installation (users, sources,
 *   kernels and the work on them) is the administrators'.
 * - A playspec is listed, read and started by those whom its `accessControl` names. Its owner and administrators always see
 *   it, and only they change it. `canStart: [nobody]` holds for everybody. Nobody changes what comes with Playhouse,
 *   but administrators prewarm it.
 * - Starting takes a user: `anyone` means every user there.
 */
export function may(principal: Principal, action: Action, subject: Subject): boolean {
  if (subject.kind === 'playspec') return mayWithPlayspec(principal, action, subject);
  if (isAdmin(principal)) return true;
  if (subject.kind === 'playground') return is(principal, subject.owner);
  return subject.kind === 'account' && is(principal, subject.user);
}

/** Whose playgrounds a principal may list: those of that user only, or of everybody when undefined. */
export function ownersListed(principal: Principal): string | undefined {
  if (isAdmin(principal)) return undefined;
  // No user has the empty name.
  return principal.kind === 'user' ? principal.name : '';
}

function mayWithPlayspec(
  principal: Principal,
  action: Action,
  { owner, access }: Extract<Subject, { kind: 'playspec' }>,
): boolean {
  const named = (list: readonly string[]) => list.some((entry) => matches(entry, principal, owner));
  const own = isAdmin(principal) || is(principal, owner);
  if (action === 'list') return own || named(access.canList);
  if (action === 'read') return own || named(access.canRead);
  if (action === 'prewarm') return own;
  if (action === 'manage') return own && owner !== null;
  if (principal.kind === 'visitor' || access.canStart.every((entry) => entry === 'nobody')) return false;
  return isAdmin(principal) || named(access.canStart);
}

/** `github:`, `student:`, `has-pack:` and `instructor` match nobody: there are no such identities here. */
function matches(entry: string, principal: Principal, owner: string | null): boolean {
  if (entry === 'anyone') return true;
  if (principal.kind === 'visitor') return false;
  return (
    entry === 'authenticated' ||
    (entry === 'owner' && principal.name === owner) ||
    entry === `user:${principal.name}`
  );
}

function is(principal: Principal, name: string | null): boolean {
  return principal.kind === 'user' && principal.name === name;
}
