/** Who asks: somebody without a token, or a user. */
export type Principal = { readonly kind: 'visitor' } | UserPrincipal;

interface UserPrincipal {
  readonly kind: 'user';
  /** Credentials are kept under it: a name may be somebody else’s tomorrow. */
  readonly id: string;
  readonly name: string;
  readonly admin: boolean;
}

export const visitor: Principal = { kind: 'visitor' };

/** Whether the principal is an administrator. */
export function isAdmin(principal: Principal): boolean {
  return principal.kind === 'user' && principal.admin;
}

/**
 * The name of a caller whose route needs a token, as an owner.
 * @throws Error when there is none: the route table and `authorize` disagree.
 */
export function nameOf(principal: Principal): string {
  return userOf(principal).name;
}

/**
 * The caller whose route needs a token.
 * @throws Error as `nameOf`
 */
export function userOf(principal: Principal): UserPrincipal {
  if (principal.kind === 'user') return principal;
  throw new Error('a route that needs a user was called without one');
}
