// The shape of a Compose file as far as Playhouse reads it; Docker Compose judges the rest. Long and short forms, values that
// are yet to be interpolated, and extensions (`x-…`) pass.
import { z } from 'zod';
import type { DeepReadonly } from '../manifest/deep-readonly.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const block = z.record(z.string(), z.unknown());
const listOrMap = z.union([z.array(z.string()), z.record(z.string(), scalar.nullable())]);
const textOrList = z.union([z.string(), z.array(z.string())]);
const namedOrList = z.union([z.array(z.string()), z.record(z.string(), block.nullable())]);
const flag = z.union([z.boolean(), z.string()]);
const textOrBlocks = z.array(z.union([z.string(), block]));

const buildSchema = z.looseObject({
  context: z.string().optional(),
  dockerfile: z.string().optional(),
  target: z.string().optional(),
  args: listOrMap.optional(),
});

const serviceSchema = z
  .looseObject({
    image: z.string().optional(),
    build: z.union([z.string(), buildSchema]).optional(),
    labels: listOrMap.nullable().optional(),
    environment: listOrMap.nullable().optional(),
    env_file: z.union([z.string(), textOrBlocks]).optional(),
    command: textOrList.nullable().optional(),
    entrypoint: textOrList.nullable().optional(),
    ports: z
      .array(z.union([z.string(), z.number(), block]))
      .nullable()
      .optional(),
    expose: z.array(z.union([z.string(), z.number()])).optional(),
    volumes: textOrBlocks.nullable().optional(),
    networks: namedOrList.nullable().optional(),
    depends_on: namedOrList.optional(),
    extends: z.union([z.string(), block]).optional(),
    healthcheck: block.optional(),
    deploy: block.nullable().optional(),
    profiles: z.array(z.string()).optional(),
    container_name: z.string().optional(),
    hostname: z.string().optional(),
    restart: z.string().optional(),
    network_mode: z.string().optional(),
    privileged: flag.optional(),
    configs: textOrBlocks.optional(),
    secrets: textOrBlocks.optional(),
  })
  .describe('One service: an image or what to build it from, and how it runs.');

const parts = z.record(z.string(), block.nullable()).nullable().optional();

export const composeFileSchema = z.looseObject({
  name: z.string().optional(),
  services: z.record(z.string(), serviceSchema).describe('The services by name.'),
  networks: parts,
  volumes: parts,
  configs: parts,
  secrets: parts,
  include: z.union([z.string(), textOrBlocks]).optional(),
});

export type ComposeService = DeepReadonly<z.output<typeof serviceSchema>>;
export type ComposeFile = DeepReadonly<z.output<typeof composeFileSchema>>;
