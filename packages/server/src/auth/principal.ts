/** Who asks: somebody without a token, or a user. */
export type Principal =
  | { readonly kind: 'visitor' }
  | { readonly kind: 'user'; readonly name: string; readonly admin: boolean };

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
  if (principal.kind === 'user') return principal.name;
  throw new Error('a route that needs a user was called without one');
}
