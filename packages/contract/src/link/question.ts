import { z } from 'zod';
import { composeOriginSchema, composePlaceSchema } from '../compose/compose-origin.ts';
import { comparisonSchema } from '../comparison.ts';
import { credentialSchema, newCredentialSchema } from '../credential.ts';
import { terminalSizeSchema } from '../exec-frame.ts';
import { identifierSchema, instantSchema } from '../identifier.ts';
import { registryCredentialSchema, knownRegistrySchema } from '../registry.ts';
import { keptReasons, maintainedServiceSchema } from '../service.ts';
import { logChunkSchema, logSources, logWishSchema } from '../service-log.ts';
import { servicesDebugSchema } from '../services-debug.ts';
import { servicesPreviewSchema } from '../services-preview.ts';
import { costSchema, layerSchema, persistentVolumeSchema, snapshotSchema } from '../snapshot.ts';
import { servicesOrderSchema } from './services-order.ts';
import { taskInputSchema, taskLogSchema, taskSchema } from '../task.ts';

const machine = { playgroundId: identifierSchema, machine: z.string() };

/** Part of a machine’s serial console log. */
export const consoleChunkSchema = z.object({
  boots: z.array(z.int()).describe('Numbers of the boots whose log is kept, oldest first'),
  boot: z.int().describe('The boot this chunk is from'),
  offset: z.int().describe('Where the chunk begins, in bytes'),
  nextOffset: z.int().describe('Where to read on'),
  content: z.string(),
});

/** How to reach a machine’s sshd after the key was authorised. */
export const sshAccessSchema = z.object({
  user: z.string(),
  address: z.ipv4().describe('Host-side address of the machine'),
  port: z.int(),
  hostKey: z.string().describe('`ssh-ed25519 …`'),
});

/** One entry of a machine’s systemd journal. All of it comes from the guest; what could drive a terminal is taken out. */
export const journalEntrySchema = z.object({
  at: instantSchema,
  unit: z.string().nullable(),
  identifier: z.string().nullable().describe('What calls itself the sender, as `sshd`'),
  pid: z.int().nullable(),
  priority: z.int().min(0).max(7).nullable().describe('0 (emergency) to 7 (debug)'),
  message: z.string(),
});

/** Part of a machine’s journal, oldest first. */
export const journalChunkSchema = z.object({
  entries: z.array(journalEntrySchema),
  cursor: z.string().nullable().describe('Names the last entry: give it as `after` to read on'),
  more: z.boolean().describe('True when there was more than fits: read on'),
});

/**
 * What the server asks an engine directly: nothing here changes desired state. Registries are the engine’s own affair, and so
 * is what was given to tasks.
 */
export const questionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('console.read'),
    ...machine,
    boot: z.int().nullable(),
    offset: z.int().min(0).nullable(),
    limit: z.int().min(1),
  }),
  z.object({
    kind: z.literal('task.log'),
    playgroundId: identifierSchema,
    task: z.string(),
    offset: z.int().min(0).nullable(),
    limit: z.int().min(1),
  }),
  // Not a command either: whoever gives an input is told at once whether it was taken.
  z.object({
    kind: z.literal('task.input'),
    playgroundId: identifierSchema,
    task: z.string(),
    input: taskInputSchema,
  }),
  z.object({
    kind: z.literal('journal.read'),
    ...machine,
    unit: z.string().nullable(),
    lines: z.int().min(1),
    since: z.string().nullable(),
    until: z.string().nullable(),
    after: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('ssh.authorize'),
    ...machine,
    user: z.string().nullable(),
    publicKey: z.string(),
  }),
  // Not commands: who gets in is kept by the engine alone, sealed, and whoever changes it is told at once what holds.
  z.object({
    kind: z.enum(['services.password', 'services.bypass']),
    playgroundId: identifierSchema,
    /** True makes another one. */
    renew: z.boolean().default(false),
  }),
  z.object({
    kind: z.literal('services.maintenance'),
    playgroundId: identifierSchema,
    /** Null for all of them. */
    service: z.string().nullable(),
    /** What its address says; empty for the usual text, null when it is over. */
    message: z.string().nullable(),
  }),
  z.object({
    /** Begins to read a log; the engine forgets it when nobody reads on for a while. */
    kind: z.literal('logs.open'),
    playgroundId: identifierSchema,
    ...logWishSchema.shape,
    /** Where an earlier one stood; then there is no tail and no since. */
    after: z.string().nullable(),
  }),
  // Whoever reads slowly asks seldom: nothing piles up anywhere.
  z.object({ kind: z.literal('logs.read'), stream: z.string(), waitMs: z.int().min(0).max(8000) }),
  z.object({ kind: z.literal('logs.close'), stream: z.string() }),
  z.object({
    /** Runs a command in a container; the engine dials the server for a stream of its own, over which its frames go. */
    kind: z.literal('services.exec'),
    playgroundId: identifierSchema,
    service: z.string(),
    /** None for a shell. */
    command: z.array(z.string()),
    user: z.string().nullable(),
    /** Null without a terminal. */
    terminal: terminalSizeSchema.nullable(),
    /** Names the stream. */
    stream: z.string(),
  }),
  z.object({ kind: z.literal('services.debug'), playgroundId: identifierSchema }),
  // Asked before a lifetime ends in a destroy, whatever was known before: what is found is told of its services, too.
  z.object({ kind: z.literal('services.work'), playgroundId: identifierSchema }),
  z.object({ kind: z.literal('volume.list'), persistentId: z.string() }),
  // Not a command: nothing of it is kept.
  z.object({ kind: z.literal('services.preview'), order: servicesOrderSchema }),
  /** A Compose file of a repository, read with the credentials of a user. */
  z.object({ kind: z.literal('compose.read'), owner: z.string(), place: composePlaceSchema }),
  z.object({ kind: z.literal('snapshot.list') }),
  z.object({ kind: z.literal('layer.list') }),
  z.object({ kind: z.literal('cost.list') }),
  z.object({ kind: z.literal('comparison.get'), operationId: identifierSchema }),
  // Not commands: those are kept on disk and repeated, which a password must not be. The owner is a user’s id.
  z.object({ kind: z.literal('credential.add'), owner: z.string(), credential: newCredentialSchema }),
  z.object({ kind: z.literal('credential.remove'), owner: z.string(), name: z.string() }),
  z.object({ kind: z.literal('credential.list'), owner: z.string() }),
  z.object({ kind: z.literal('registry.login'), credential: registryCredentialSchema }),
  z.object({ kind: z.literal('registry.logout'), registry: z.string() }),
  z.object({ kind: z.literal('registry.list') }),
]);

export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('services.password'), user: z.string(), password: z.string() }),
  z.object({ kind: z.literal('services.bypass'), header: z.string(), token: z.string() }),
  z.object({ kind: z.literal('services.maintenance'), services: z.array(maintainedServiceSchema) }),
  z.object({ kind: z.literal('logs.open'), stream: z.string(), source: z.enum(logSources) }),
  z.object({ kind: z.literal('logs.read'), ...logChunkSchema.shape }),
  z.object({ kind: z.literal('logs.close') }),
  z.object({ kind: z.literal('services.exec') }),
  z.object({ kind: z.literal('services.debug'), debug: servicesDebugSchema }),
  z.object({
    kind: z.literal('services.work'),
    /** Of those whose checkouts have work that only they have. */
    services: z.array(z.object({ name: z.string(), reason: z.enum(keptReasons) })),
    /** How long until it is worth asking again. */
    againSeconds: z.number().positive(),
  }),
  z.object({ kind: z.literal('services.preview'), preview: servicesPreviewSchema }),
  z.object({ kind: z.literal('compose.read'), text: z.string(), origin: composeOriginSchema }),
  z.object({ kind: z.literal('task.log'), log: taskLogSchema }),
  z.object({ kind: z.literal('task.input'), task: taskSchema }),
  z.object({ kind: z.literal('console.read'), console: consoleChunkSchema }),
  z.object({ kind: z.literal('journal.read'), journal: journalChunkSchema }),
  z.object({ kind: z.literal('ssh.authorize'), access: sshAccessSchema }),
  z.object({ kind: z.literal('volume.list'), volumes: z.array(persistentVolumeSchema) }),
  z.object({ kind: z.literal('snapshot.list'), snapshots: z.array(snapshotSchema) }),
  z.object({ kind: z.literal('layer.list'), layers: z.array(layerSchema) }),
  z.object({
    kind: z.literal('cost.list'),
    /** By the playground’s id. */
    playgrounds: z.record(z.string(), costSchema),
    /** By `name@version`. */
    playspecs: z.record(z.string(), costSchema),
  }),
  z.object({ kind: z.literal('comparison.get'), comparison: comparisonSchema }),
  z.object({ kind: z.literal('credential.add'), credentials: z.array(credentialSchema) }),
  z.object({ kind: z.literal('credential.remove'), credentials: z.array(credentialSchema) }),
  z.object({ kind: z.literal('credential.list'), credentials: z.array(credentialSchema) }),
  z.object({ kind: z.literal('registry.login'), registries: z.array(knownRegistrySchema) }),
  z.object({ kind: z.literal('registry.logout'), registries: z.array(knownRegistrySchema) }),
  z.object({ kind: z.literal('registry.list'), registries: z.array(knownRegistrySchema) }),
]);

export type Question = z.infer<typeof questionSchema>;
export type Answer = z.infer<typeof answerSchema>;
export type ConsoleChunk = z.infer<typeof consoleChunkSchema>;
export type JournalChunk = z.infer<typeof journalChunkSchema>;
export type JournalEntry = z.infer<typeof journalEntrySchema>;
export type SshAccess = z.infer<typeof sshAccessSchema>;
/** The answer to a question of the same kind. */
export type AnswerTo<Q extends Question> = Extract<Answer, { kind: Q['kind'] }>;
