import { compileCompose } from '@playhouse/contract/compose/compile-compose';
import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import type { Followed } from '../sync/followed.ts';
import { comingCommits, covers, dueImages, standingImages } from './due-images.ts';

const text = `
services:
  web: { build: ., labels: { playgrounds.repo_url: 'https://git.example/a', playgrounds.production: 'true' } }
  mounted: { build: ., labels: { playgrounds.repo_url: 'https://git.example/a' } }
  plain: { image: 'box:1', labels: { playgrounds.repo_url: 'https://git.example/a' } }
  off: { build: ., labels: { playgrounds.repo_url: 'https://git.example/a', playgrounds.production: 'true', playgrounds.build_ahead: 'false' } }
  db: { image: 'box:1' }
`;
const { compiled, plan } = compileCompose(text, {
  ...{ file: 'shop.yaml', policy: {}, rootDomain: 'localhost' },
  ...{ given: {}, kept: {}, newHex: () => '' },
}) as Extract<ReturnType<typeof compileCompose>, { plan: unknown }>;
const all = new Map(['web', 'mounted', 'plain', 'off'].map((service) => [service, 'new']));
const behind: Followed = { standing: 'behind', dirty: false, newest: 'new', detail: null };

test('a rollout brings about new commits of clean checkouts; of a branch that is not reached what was known stands', () => {
  expect(compiled).toBeDefined();
  const followed = new Map<string, Followed>([
    ['behind', behind],
    ['dirty', { ...behind, dirty: true }],
    ['current', { ...behind, standing: 'current' }],
    ['taken', { ...behind, standing: 'current' }],
    ['diverged', { ...behind, standing: 'diverged' }],
    ['local', { ...behind, standing: 'local', newest: null }],
    ['known', { ...behind, standing: 'unknown', newest: null }],
    ['never', { ...behind, standing: 'unknown', newest: null }],
  ]);
  const known = new Map([
    ['behind', 'old'],
    ['known', 'old'],
  ]);
  const part = (commit: string) => ({ branch: 'main', commit, image: 'own/web:1' });
  const parts = { current: part('new'), taken: part('old'), behind: part('old') };
  expect(Object.fromEntries(comingCommits(followed, parts, known))).toEqual({
    ...{ behind: 'new', known: 'old' },
    // Its rollout failed.
    taken: 'new',
  });
});

test('what is built and runs without its sources is due, unless its file or its start says otherwise', () => {
  expect(dueImages(sampleRecord(), plan, all)?.services).toEqual(['web']);
  expect(dueImages(sampleRecord(), plan, new Map([['mounted', 'new']]))).toBeNull();
  expect(dueImages(sampleRecord(), plan, new Map())).toBeNull();
  const { order } = sampleRecord();
  const wished = { web: { production: false }, mounted: { production: true } };
  expect(dueImages(sampleRecord({ order: { ...order, services: wished } }), plan, all)?.services).toEqual([
    'mounted',
  ]);
});

test('what was built or could not be built is not due again, until the commit or the order is another', () => {
  const order = dueImages(sampleRecord(), plan, all)?.order ?? '';
  for (const image of ['own/web:1', null]) {
    const nextImages = { web: { commit: 'new', order, image, detail: null } };
    const record = sampleRecord({ nextImages });
    expect(standingImages(record, plan, all)).toEqual(nextImages);
    expect(dueImages(record, plan, all)).toBeNull();
    expect(standingImages(record, plan, new Map([['web', 'newer']]))).toEqual({});
    expect(standingImages(record, plan, new Map())).toEqual({});
    const other = { ...record, order: { ...record.order, variables: { LEVEL: 'debug' } } };
    expect(standingImages(other, plan, all)).toEqual({});
  }
});

test('an order is the same in whatever sequence its parts come: one that was read from disk has another', () => {
  const record = sampleRecord();
  const wishes = { web: { branch: 'main', production: true } };
  const turned = { web: { production: true, branch: 'main' } };
  const order = { ...record.order, services: wishes };
  const read = {
    ...Object.fromEntries(Object.entries(order).toReversed()),
    services: turned,
  } as typeof order;
  expect(JSON.stringify(read)).not.toBe(JSON.stringify(order));
  const digestOf = (of: typeof order) => dueImages({ ...record, order: of }, plan, all)?.order;
  expect(digestOf(read)).toBe(digestOf(order));
});

test('a build under way goes on while it is of the same commits and makes all that is due', () => {
  const due = { commits: new Map([['web', 'a']]), order: 'o', services: ['web', 'api'] };
  expect(covers(due, { ...due, services: ['api'] })).toBe(true);
  expect(covers({ ...due, services: ['web'] }, due)).toBe(false);
  expect(covers(due, { ...due, order: 'p' })).toBe(false);
  expect(covers(due, { ...due, commits: new Map([['web', 'b']]) })).toBe(false);
  expect(covers(due, { ...due, commits: new Map([...due.commits, ['api', 'a']]) })).toBe(false);
});
