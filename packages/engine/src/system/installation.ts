import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readJson, writeDurably } from './durable-file.ts';

const installationSchema = z.object({
  /** Four hex digits that keep installations on one host apart: part of every host object’s name. */
  id: z.string().regex(/^[0-9a-f]{4}$/),
  /** How often an engine was started here. */
  starts: z.int(),
});

export interface Installation {
  readonly id: string;
  /** Beginning of the names of all netns and interfaces of this installation. */
  readonly devices: string;
  /** Name of its cgroup. */
  readonly cgroup: string;
  /** Higher than any revision that an earlier engine of this installation used. */
  readonly firstRevision: number;
}

const revisionsPerStart = 2 ** 32;

/** Reads who this installation is, or makes it up on the first start; counts this start. */
export async function openInstallation(path: string): Promise<Installation> {
  const known = await readJson(path);
  const { id, starts } =
    known === null ? { id: randomBytes(2).toString('hex'), starts: 0 } : installationSchema.parse(known);
  await writeDurably(path, JSON.stringify({ id, starts: starts + 1 }));
  return {
    id,
    devices: `ph${id}-`,
    cgroup: `playhouse-${id}`,
    firstRevision: (starts + 1) * revisionsPerStart,
  };
}
