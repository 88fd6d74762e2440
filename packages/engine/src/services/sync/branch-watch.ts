// Keeps what is known of the branches of playgrounds, and has built what a rollout would need of them.
import { isDeepStrictEqual } from 'node:util';
import { toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { NextImage } from '@playhouse/contract/service';
import { printable } from '../../guest/printable.ts';
import { Turns } from '../../system/turns.ts';
import { buildAhead } from '../ahead/build-ahead.ts';
import { BuildsAhead } from '../ahead/builds-ahead.ts';
import { comingCommits, dueImages, standingImages } from '../ahead/due-images.ts';
import { dockerImage } from '../debug/debug-docker.ts';
import { maskOf } from '../secrets/playground-secrets.ts';
import { planOf, type ServicesContext, type ServicesTools } from '../services-context.ts';
import type { ServicesRecord } from '../services-record.ts';
import { followBranches } from './follow-branches.ts';
import type { Followed } from './followed.ts';

export interface BranchWatchOptions {
  /** Where playgrounds are. */
  readonly folder: string;
  /** Whether anything is built before a rollout asks for it. */
  readonly buildAhead: boolean;
  /** Hears why something could not be built that is no fault of the commit. */
  readonly warn: (playground: string, error: unknown) => void;
}

export class BranchWatch {
  readonly #tools: ServicesTools;
  readonly #isOn: boolean;
  readonly #changed: (id: string) => void;
  readonly #followed = new Map<string, ReadonlyMap<string, Followed>>();
  readonly #coming = new Map<string, ReadonlyMap<string, string>>();
  /** Nobody copies a history while something is fetched into it. */
  readonly #histories = new Turns();
  readonly #builds: BuildsAhead;

  constructor(tools: ServicesTools, options: BranchWatchOptions, changed: (id: string) => void) {
    const { folder, warn } = options;
    this.#tools = tools;
    this.#isOn = options.buildAhead;
    this.#changed = changed;
    const inQuiet = async (id: string, work: () => Promise<void>) => await this.#histories.take(id, work);
    const build = async (work: Parameters<typeof buildAhead>[1]) =>
      await buildAhead({ tools, folder, inQuiet }, work);
    const trouble = (id: string, error: unknown) => {
      warn(id, error);
      return maskOf(tools, id).text(printable(toErrorBody(error).message));
    };
    this.#builds = new BuildsAhead({ build, changed, trouble, now: () => performance.now() });
  }

  of(id: string): ReadonlyMap<string, Followed> | undefined {
    return this.#followed.get(id);
  }

  /** What is under way of the image that a rollout would need. */
  underWay(id: string, service: string): NextImage | null {
    return this.#builds.of(id, service);
  }

  /** Asks the branches of a running playground’s services for new commits. No operation is at work on it meanwhile. */
  async follow(context: ServicesContext, signal: AbortSignal): Promise<void> {
    const { id } = context;
    const record = this.#tools.records.find(id);
    if (record?.state !== 'running' || planOf(this.#tools, record).jobMode) return;
    const before = this.of(id);
    await this.#histories.take(id, async () => {
      this.#followed.set(id, await followBranches(context, signal));
    });
    // Cut short, it knows of some services only.
    if (!signal.aborted) await this.#lookAhead(id);
    if (!isDeepStrictEqual(before, this.of(id))) this.#changed(id);
  }

  /** Forgets what is known: a rollout may have changed it. */
  forget(id: string): void {
    this.#builds.want(id, null);
    this.#followed.delete(id);
    this.#coming.delete(id);
  }

  /** Has nothing built of a playground any more, for an operation begins. */
  async giveWay(id: string): Promise<void> {
    await this.#builds.giveWay(id);
  }

  async end(): Promise<void> {
    await this.#builds.end();
  }

  async #lookAhead(id: string): Promise<void> {
    const lost = await this.#lostImages(id);
    // Read when all that takes time is done: a build beside this writes down what came of it.
    const record = this.#tools.records.find(id);
    if (record === null) return;
    const plan = planOf(this.#tools, record);
    const followed = this.#isOn ? this.of(id) : undefined;
    const commits = comingCommits(followed ?? new Map(), record.parts, this.#known(record));
    this.#coming.set(id, commits);
    const standing = Object.entries(standingImages(record, plan, commits));
    const nextImages = Object.fromEntries(standing.filter(([, { image }]) => !lost.has(image)));
    const isOther = !isDeepStrictEqual(nextImages, record.nextImages);
    // It is known at once, and on disk later.
    const saved = isOther ? this.#tools.records.change(id, { nextImages }) : null;
    this.#builds.want(id, dueImages({ ...record, nextImages }, plan, commits));
    await saved;
    if (isOther) this.#changed(id);
  }

  /** The commits that were coming when it was last looked at: a branch that is not reached just now still has them. */
  #known(record: ServicesRecord): ReadonlyMap<string, string> {
    const written = Object.entries(record.nextImages).map(([name, { commit }]) => [name, commit] as const);
    return this.#coming.get(record.order.id) ?? new Map(written);
  }

  /** Names of images that somebody has removed from Docker. */
  async #lostImages(id: string): Promise<ReadonlySet<string | null>> {
    const ahead = Object.values(this.#tools.records.find(id)?.nextImages ?? {});
    const docker = ahead.length === 0 ? null : await this.#tools.dockerIfThere();
    const lost = new Set<string | null>();
    if (docker === null) return lost;
    for (const { image } of ahead)
      if (image !== null && (await dockerImage(docker.api, image)) === null) lost.add(image);
    return lost;
  }
}
