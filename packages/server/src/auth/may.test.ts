import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Action, may, ownersListed } from './may.ts';
import { type Principal, visitor } from './principal.ts';

const user = (name: string, admin = false): Principal => ({ kind: 'user', id: name, name, admin });
const [ann, bob, root] = [user('ann'), user('bob'), user('root', true)];

const lists = [
  { who: ['owner'], allowed: [ann, root] },
  { who: ['anyone'], allowed: [visitor, ann, bob, root] },
  { who: ['authenticated'], allowed: [ann, bob, root] },
  { who: ['user:bob'], allowed: [bob, root] },
  { who: ['user:bob', 'owner'], allowed: [ann, bob, root] },
  { who: ['user:bo', 'user:bobby', 'user:BOB'], allowed: [root] },
  { who: ['github:bob', 'student:bob', 'has-pack:bob', 'instructor'], allowed: [root] },
] as const;

const everybody = [visitor, ann, bob, root];
const subjectWith = (who: readonly string[], owner: string | null = 'ann') =>
  ({ kind: 'playspec', owner, access: { canList: who, canRead: who, canStart: who } }) as const;

test.each(lists)('$who: listing and reading; the owner always sees what is theirs', ({ who, allowed }) => {
  for (const action of ['list', 'read'] as const) {
    const may_ = everybody.filter((principal) => may(principal, action, subjectWith(who)));
    expect(may_).toEqual(
      everybody.filter((one) => one === ann || (allowed as readonly Principal[]).includes(one)),
    );
  }
});

test.each(lists)('$who: starting takes a user', ({ who, allowed }) => {
  const may_ = everybody.filter((principal) => may(principal, 'start', subjectWith(who)));
  expect(may_).toEqual(allowed.filter((one) => one !== visitor));
});

test('nobody is nobody, administrators and owner included, where something is started', () => {
  const frozen = subjectWith(['nobody']);
  expect(everybody.filter((one) => may(one, 'start', frozen))).toEqual([]);
  expect(everybody.filter((one) => may(one, 'read', frozen))).toEqual([ann, root]);
  expect(everybody.filter((one) => may(one, 'start', subjectWith(['nobody', 'owner'])))).toEqual([ann, root]);
});

test('each list decides about its own action', () => {
  const access = { canList: ['user:bob'], canRead: ['owner'], canStart: ['anyone'] };
  const subject = { kind: 'playspec', owner: 'ann', access } as const;
  const actions = (principal: Principal) =>
    (['list', 'read', 'start', 'manage'] as const).filter((action) => may(principal, action, subject));
  expect(actions(visitor)).toEqual([]);
  expect(actions(bob)).toEqual(['list', 'start']);
  expect(actions(ann)).toEqual(['list', 'read', 'start', 'manage']);
});

test('what comes with Playhouse is changed by nobody, and has no owner that a name could match', () => {
  const shipped = subjectWith(['owner'], null);
  for (const one of [...everybody, user('null'), user('')]) expect(may(one, 'manage', shipped)).toBe(false);
  expect(may(user('null'), 'list', shipped)).toBe(false);
});

test('prewarming is for the owner and administrators, also of what comes with Playhouse for these', () => {
  const prewarmers = (owner: string | null) =>
    everybody.filter((one) => may(one, 'prewarm', subjectWith(['anyone'], owner)));
  expect([prewarmers('ann'), prewarmers(null)]).toEqual([[ann, root], [root]]);
});

test('playgrounds and accounts are their owner’s; the installation is the administrators’', () => {
  const allowed = (subject: Parameters<typeof may>[2]) =>
    everybody.filter((principal) => may(principal, 'manage', subject));
  expect(allowed({ kind: 'playground', owner: 'ann' })).toEqual([ann, root]);
  expect(allowed({ kind: 'account', user: 'bob' })).toEqual([bob, root]);
  expect(allowed({ kind: 'installation' })).toEqual([root]);
});

const names = fc.constantFrom('ann', 'bob', 'cy');
const principals = fc.oneof(
  fc.constant(visitor),
  fc.tuple(names, fc.boolean()).map(([name, admin]) => user(name, admin)),
);
const entries = fc.constantFrom(
  'owner',
  'anyone',
  'authenticated',
  'nobody',
  'user:ann',
  'user:bob',
  'github:cy',
);
const accessLists = fc.array(entries, { minLength: 1, maxLength: 4 });
const subjects = fc.record({
  kind: fc.constant('playspec' as const),
  owner: fc.option(names),
  access: fc.record({ canList: accessLists, canRead: accessLists, canStart: accessLists }),
});
const actions = fc.constantFrom<Action>('list', 'read', 'start', 'manage');

test('naming more principals never takes a right away', () => {
  fc.assert(
    fc.property(principals, actions, subjects, entries, (principal, action, subject, entry) => {
      fc.pre(may(principal, action, subject));
      const wider = (list: readonly string[]) => [...list, entry];
      const { canList, canRead, canStart } = subject.access;
      const access = { canList: wider(canList), canRead: wider(canRead), canStart: wider(canStart) };
      expect(may(principal, action, { ...subject, access })).toBe(true);
    }),
  );
});

test('a visitor starts and changes nothing, and has no right that a user lacks', () => {
  fc.assert(
    fc.property(principals, actions, subjects, (principal, action, subject) => {
      const open = may(visitor, action, subject);
      expect(open && (action === 'start' || action === 'manage')).toBe(false);
      expect(!open || may(principal, action, subject)).toBe(true);
    }),
  );
});

test('lists show exactly the playgrounds that may be read', () => {
  fc.assert(
    fc.property(principals, names, (principal, owner) => {
      const only = ownersListed(principal);
      const listed = only === undefined || only === owner;
      expect(listed).toBe(may(principal, 'list', { kind: 'playground', owner }));
    }),
  );
});
