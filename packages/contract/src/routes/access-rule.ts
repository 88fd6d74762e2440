/**
 * Who may call a route. Every route declares one, and the API applies it before the handler runs. Rules about one thing
 * (a playground, an operation, a playspec, an account) look at the one that the path names. What a caller may not even
 * list is answered as if it were not there.
 */
export const accessRules = {
  public: 'Public',
  visitor: 'Public; shows what the caller may list, which is more with a token',
  user: 'Whoever has a token; lists show what is the caller’s own, to administrators everything',
  admin: 'Administrators',
  account: 'The user in the path (`me` is the caller), and administrators',
  playground: 'The owner of the playground, and administrators',
  'playground.any':
    'The owner of the playground, and administrators, also while it stands by as a spare copy; no other route takes one that does',
  snapshot: 'The owner of the playground that the snapshot is of, and administrators',
  operation:
    'The owner of the playground that the operation is on, and administrators; for what is the installation’s administrators only',
  'playspec.read': 'Those whom the playspec’s `accessControl.canRead` names, its owner, and administrators',
  'playspec.base': 'Whoever has a token and may read the base, if one is named',
  'playspec.start':
    'Those with a token whom the playspec’s `accessControl.canStart` names, and administrators',
  'playspec.manage': 'The owner of the playspec, and administrators',
  'playspec.prewarm':
    'The owner of the playspec, and administrators: also for what comes with Playhouse, which only they may prewarm',
} as const satisfies Record<string, string>;

export type AccessRule = keyof typeof accessRules;

/** Whether a route can be called without a token, and whether one that is sent is looked at. */
export function tokenNeed(rule: AccessRule): 'none' | 'optional' | 'required' {
  if (rule === 'public') return 'none';
  return rule === 'visitor' || rule === 'playspec.read' ? 'optional' : 'required';
}

const subjectPlaces: Readonly<Record<AccessRule, 'path' | 'body' | null>> = {
  public: null,
  visitor: null,
  user: null,
  admin: null,
  account: 'path',
  playground: 'path',
  'playground.any': 'path',
  // Only the playroom knows whose it is; the handler asks.
  snapshot: null,
  operation: 'path',
  'playspec.read': 'path',
  'playspec.base': 'body',
  'playspec.start': 'body',
  'playspec.manage': 'path',
  'playspec.prewarm': 'path',
};

/** Where a request names the thing that its rule is about; null for a rule about no particular one. */
export function namesSubjectIn(rule: AccessRule): 'path' | 'body' | null {
  return subjectPlaces[rule];
}
