import { afterAll, beforeAll } from 'vitest';
import type { InstallationOptions } from './installation-options.ts';
import { ServicesGround } from './services-ground.ts';

export type GroundClient = Awaited<ReturnType<ServicesGround['installation']['client']>>;

export interface PreparedGround {
  readonly ground: ServicesGround;
  readonly client: GroundClient;
}

/** Prepares a ground before the tests of a file, or of a block of one, hands it over, and takes it away after them. */
export function prepareGround(
  take: (prepared: PreparedGround) => Promise<void> | void,
  engine: readonly string[] = [],
  options: Pick<InstallationOptions, 'proxy' | 'domain' | 'traefikImage' | 'hostPolicy' | 'ownDiskMiB'> = {},
): void {
  let ground: ServicesGround | undefined;
  beforeAll(async () => {
    ground = await ServicesGround.prepare(engine, options);
    await take({ ground, client: await ground.installation.client() });
  }, 240_000);
  afterAll(async () => await ground?.[Symbol.asyncDispose](), 120_000);
}
