import { z } from 'zod';

/** 24 lowercase hex digits: the id of a playground or an operation. */
export const identifierSchema = z.string().regex(/^[0-9a-f]{24}$/, 'expected 24 lowercase hex digits');

/** Anything that names a playground for a user: its id, its number, or its project name `pg-{number}-{slug}`. */
export const playgroundReferenceSchema = z
  .string()
  .min(1)
  .max(100)
  .describe('Playground id (24 hex digits), number, or name `pg-{number}-{slug}`');

/** An instant as RFC 3339 text in UTC. */
export const instantSchema = z.iso.datetime();

/** The Compose-like project name of a playground, `pg-{number}-{slug}`. */
export function projectName(playground: { readonly number: number; readonly slug: string }): string {
  return `pg-${playground.number}-${playground.slug}`;
}
