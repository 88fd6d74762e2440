// Tells drift only once two looks in a row have found it: somebody may just be replacing a container by hand, or Docker itself.
import { readFileSync, statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { readFinalServices } from '@playhouse/contract/compose/render/read-final';
import type { ServiceDrift } from '@playhouse/contract/service';
import type { ContainerState } from '../docker/docker-api.ts';
import type { FinalServices } from '../rollout/changed-services.ts';
import { planOf, type ServicesTools } from '../services-context.ts';
import type { ServicesRecord } from '../services-record.ts';
import { findDrift } from './find-drift.ts';

type Drift = ReadonlyMap<string, ServiceDrift>;
const none: Drift = new Map();

export class DriftWatch {
  readonly #tools: ServicesTools;
  readonly #found = new Map<string, Drift>();
  readonly #told = new Map<string, Drift>();
  readonly #files = new Map<string, { readonly version: string; readonly services: FinalServices }>();

  constructor(tools: ServicesTools) {
    this.#tools = tools;
  }

  of(id: string): Drift {
    return this.#told.get(id) ?? none;
  }

  /** Takes a look at what was seen of a playground’s containers. Gives whether something else is to be told now. */
  look(id: string, containers: readonly ContainerState[]): boolean {
    const record = this.#tools.records.find(id);
    const services = record === null || !this.#isSettled(record) ? null : this.#servicesOf(id);
    const found = services === null ? none : findDrift(services, containers);
    const before = this.#found.get(id) ?? none;
    this.#found.set(id, found);
    const holds = new Map([...found].filter(([service, drift]) => before.get(service) === drift));
    if (isDeepStrictEqual(holds, this.of(id))) return false;
    this.#told.set(id, holds);
    return true;
  }

  forget(id: string): void {
    for (const known of [this.#found, this.#told, this.#files]) known.delete(id);
  }

  /** While something is made of it, and of a job, containers come and go. */
  #isSettled(record: ServicesRecord): boolean {
    const { state, established, next } = record;
    return state === 'running' && established && next === null && !planOf(this.#tools, record).jobMode;
  }

  /** Null when there is no file: then nobody can tell what is too many. */
  #servicesOf(id: string): FinalServices | null {
    const { compose } = this.#tools.records.files(id);
    const found = statSync(compose, { throwIfNoEntry: false });
    if (found === undefined) return null;
    const version = `${found.ino} ${found.mtimeMs}`;
    const known = this.#files.get(id);
    if (known?.version === version) return known.services;
    const services = readFinalServices(readFileSync(compose, 'utf8'));
    this.#files.set(id, { version, services });
    return services;
  }
}
