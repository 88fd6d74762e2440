// Carries one run out: does its action while it goes wrong, then proves what must hold.
import { readdir, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Operation } from '@playhouse/contract/operation';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Action, Run } from './draw-run.ts';
import { type Ground, longestChain } from './ground.ts';
import { inject } from './inject.ts';
import { lastWords } from './last-words.ts';
import { Broken, Subject } from './subject.ts';

const vaultPatienceMs = 150_000;
/** A round of the vault that failed is taken up again only after half a minute, but at once by a new engine. */
const vaultImpatienceMs = 8000;

/** Chains are looked at every ten seconds; a dead engine comes back in between. */
const mergePatienceMs = 40_000;

/** How long a playground goes on while something goes wrong. */
const goingOnMs = 6000;

/** How the action ended: `refused` was not even begun. */
export type Ending = 'completed' | 'failed' | 'refused';

export interface Outcome {
  readonly ending: Ending;
  /** Why it was not completed. */
  readonly reason: string | null;
}

interface Begun {
  readonly operations: readonly string[];
  /** The fork that it makes. */
  readonly child: string | null;
}

/** @throws Broken when something does not hold */
export async function carryOut(ground: Ground, subject: Subject, run: Run): Promise<Outcome> {
  const { installation } = ground;
  await prepare(ground, subject, run.action);
  const floor = subject.listener.acknowledged;
  const snapshotId = run.action === 'rewind' ? await cut(ground, subject) : '';
  const mergedBefore = await mergedLayers(ground);
  const begin = beginning(ground, subject, run.action, snapshotId);
  let begun: Begun | null = null;
  const outcome = await inject(ground, run, subject.id, () => {
    const accepting = begin().then((accepted) => (begun = accepted));
    const ended = accepting.then<Outcome, Outcome>(
      async ({ operations }) => {
        if (run.action === 'go on') await setTimeout(goingOnMs);
        if (run.action === 'flatten') return await merging(ground, mergedBefore);
        const outcomes: Operation[] = [];
        for (const id of operations) outcomes.push(await installation.ended(id));
        const failed = outcomes.find(({ status }) => status !== 'succeeded');
        return failed
          ? { ending: 'failed', reason: `${failed.kind} ${failed.status}: ${failed.error?.message}` }
          : { ending: 'completed', reason: null };
      },
      (error: unknown) => {
        if (error instanceof PlayhouseError || run.fault === 'server' || run.fault === 'full disk')
          return { ending: 'refused', reason: String(error) };
        throw error;
      },
    );
    return { begun: accepting, ended };
  });
  const { ending } = outcome;
  if (ending !== 'completed' && run.fault === 'none')
    throw new Broken(`with nothing wrong: ${outcome.reason}`);
  const forked = (begun as Begun | null)?.child ?? null;
  if (forked !== null) await judgeFork(ground, forked, ending === 'completed', floor);
  if (run.action === 'rewind') subject.listener.acknowledged = floor;
  if (ending === 'completed') await judgeEnd(ground, subject, run);
  await subject.proveSound();
  return outcome;
}

/** What a run needs to be the case before anything goes wrong. */
async function prepare(ground: Ground, subject: Subject, action: Action): Promise<void> {
  const { installation } = ground;
  const client = await installation.client();
  const { parameters } = subject;
  if (action === 'restart' || action === 'restore' || action === 'fork of stopped')
    await succeed(ground, (await client('playground.stop', { parameters })).operation);
  // What it writes then needs room.
  if (action === 'go on') await cut(ground, subject);
  if (action === 'flatten') for (let layers = 0; layers <= longestChain; layers++) await cut(ground, subject);
  if (action === 'resume')
    await succeed(ground, (await client('playground.suspend', { parameters })).operation);
  if (action === 'restore') await leaveToVault(ground, subject);
}

/** Layers that long chains were merged into. */
async function mergedLayers({ installation }: Ground): Promise<ReadonlySet<string>> {
  const client = await installation.client();
  const { layers } = await client('layer.list');
  return new Set(layers.flatMap(({ id, mergedFrom }) => (mergedFrom.length > 0 ? [id] : [])));
}

/** Waits until a chain is merged, which begins by itself; whoever asks may find nobody there meanwhile. */
async function merging(ground: Ground, before: ReadonlySet<string>): Promise<Outcome> {
  for (const began = performance.now(); performance.now() - began < mergePatienceMs; await setTimeout(200)) {
    const merged = await mergedLayers(ground).catch(() => before);
    if ([...merged].some((id) => !before.has(id))) return { ending: 'completed', reason: null };
  }
  return { ending: 'failed', reason: 'no chain was merged' };
}

async function succeed({ installation }: Ground, { id }: Pick<Operation, 'id'>): Promise<void> {
  const { kind, status, error } = await installation.ended(id);
  if (status !== 'succeeded')
    throw new Broken(`${kind} ${status}, with nothing wrong: ${JSON.stringify(error)}`);
}

async function cut(ground: Ground, subject: Subject): Promise<string> {
  const client = await ground.installation.client();
  const { operation } = await client('playground.snapshot', { parameters: subject.parameters, body: {} });
  await succeed(ground, operation);
  return operation.id;
}

/** Waits until the vault has all of a stopped playground, and takes away what is here. */
async function leaveToVault({ installation }: Ground, { parameters }: Subject): Promise<void> {
  const client = await installation.client();
  const began = performance.now();
  let woken = false;
  for (;;) {
    const { snapshots } = await client('snapshot.list', { query: parameters });
    if (snapshots.every(({ offloadedAt, origin }) => offloadedAt !== null || origin === 'fork')) break;
    const waitedMs = performance.now() - began;
    if (waitedMs > vaultPatienceMs) throw new Broken('the vault does not get the snapshots');
    if (waitedMs > vaultImpatienceMs && !woken) {
      woken = true;
      await installation.engine?.kill();
      await installation.startEngine();
    }
    await setTimeout(200);
  }
  const layers = `${installation.state}/layers`;
  const known = await client('layer.list');
  for (const { id, offloaded } of known.layers) {
    if (!offloaded) continue;
    for (const name of await readdir(layers)) {
      // One that nothing needs any more may go by itself meanwhile.
      if (name.startsWith(id) && !name.endsWith('.json')) await rm(`${layers}/${name}`, { force: true });
    }
  }
}

function beginning(
  { installation }: Ground,
  { parameters }: Subject,
  action: Action,
  snapshotId: string,
): () => Promise<Begun> {
  const one = ({ operation }: { readonly operation: { readonly id: string } }): Begun => ({
    operations: [operation.id],
    child: null,
  });
  return async () => {
    const client = await installation.client();
    switch (action) {
      case 'go on':
      case 'flatten':
        return { operations: [], child: null };
      case 'stop':
        return one(await client('playground.stop', { parameters }));
      case 'suspend':
        return one(await client('playground.suspend', { parameters }));
      case 'snapshot':
        return one(await client('playground.snapshot', { parameters, body: {} }));
      case 'rewind':
        return one(await client('playground.rewind', { parameters, body: { snapshotId } }));
      case 'restart':
      case 'resume':
      case 'restore':
        return one(await client('playground.restart', { parameters }));
      default: {
        const { operation, operations, playgrounds } = await client('playground.fork', {
          parameters,
          body: {},
        });
        const ids = [operation, ...operations].map(({ id }) => id);
        return { operations: ids, child: playgrounds[0]?.id ?? null };
      }
    }
  };
}

/** What is completed is what it says. */
async function judgeEnd({ installation }: Ground, { id }: Subject, { action, fault }: Run): Promise<void> {
  if (action === 'go on' || action === 'flatten') return;
  const { status, suspended } = await installation.playground(id);
  const stopped = action === 'stop' || action === 'suspend' || action === 'fork of stopped';
  // A machine that was killed before it was cut has no memory that could be kept; what it wrote is.
  const remembers = action === 'suspend' && !(fault === 'machine' && !suspended);
  if (status !== (stopped ? 'stopped' : 'running') || suspended !== remembers)
    throw new Broken(`${action} succeeded, but it is ${status}${suspended ? ', suspended' : ''}`);
}

/** A fork that came off has all that was acknowledged before; any can be destroyed. */
async function judgeFork(ground: Ground, id: string, completed: boolean, floor: number): Promise<void> {
  const { installation } = ground;
  const prove = async () => {
    using fork = await Subject.hear(installation, id);
    await fork.proveSound(floor);
  };
  const complain = async (error: unknown) => `${String(error)}; ${await lastWords(installation, id)}`;
  const broken = completed ? await prove().then(() => null, complain) : null;
  const { status } = await installation.destroy(id);
  if (broken !== null) throw new Broken(`its fork: ${broken}`);
  if (status !== 'succeeded') throw new Broken(`its fork cannot be destroyed: ${status}`);
}
