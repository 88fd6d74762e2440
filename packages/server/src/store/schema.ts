// The tables, in types that SQLite and PostgreSQL both have: text for instants (RFC 3339 UTC) and JSON, integers for
// booleans. Rows never leave this folder: each table's file maps them to the nouns of the contract. Where it says “sealed”,
// the text is what `sealed.ts` makes of the JSON.
import type { SecretBox } from '@playhouse/contract/secret-box';
import type { ColumnType, Kysely } from 'kysely';

/** PostgreSQL gives bigint as text; whoever reads one converts it. */
type Bytes = ColumnType<number | string, number, number>;

export interface CounterTable {
  name: string;
  value: number;
}

export interface PlayspecTable {
  name: string;
  /** Null: it comes with Playhouse. */
  owner: string | null;
  /** The newest one; never given twice, even when the name is used again. */
  version: number;
  created_at: string;
  removed_at: string | null;
}

export interface PlayspecVersionTable {
  name: string;
  version: number;
  /** `machines` or `compose`. */
  kind: string;
  title: string;
  description: string;
  categories: string;
  flexible: number;
  manifest: string;
  base: string | null;
  cover: string | null;
  /** Null: as for everything that comes with Playhouse. */
  access: string | null;
  markdown: string;
  /** The snapshot that it begins with; null for a cold start. */
  snapshot_id: string | null;
  snapshot_memory: number;
  /** The choices that the snapshot was made under. */
  saved_conditions: string | null;
  /** Sealed: what was wished for its services; null for machines. */
  saved_services: string | null;
  prewarm: string | null;
  /** Where its Compose file was taken from; null: it was given as a text. */
  origin: string | null;
  created_at: string;
}

export interface PlaygroundTable {
  id: string;
  number: number;
  slug: string;
  title: string;
  playspec_name: string;
  playspec_version: number;
  owner: string;
  status: string;
  manifest: string;
  authorized_keys: string;
  machines: string;
  tasks: string;
  /** Sealed: a StoredStack; null for playgrounds of machines. */
  stack: string | null;
  services: string;
  conditions: string;
  error: string | null;
  ram_bytes: Bytes;
  lifetime_seconds: number | null;
  expires_at: string | null;
  on_expiry: string;
  revision: number;
  operation_id: string;
  suspended: number;
  snapshot_id: string | null;
  forked_from: string | null;
  /** The part `from` of its order. */
  begins_from: string | null;
  /** 1: the server runs it for itself. */
  hidden: number;
  spare: number;
  created_at: string;
  updated_at: string;
}

export interface OperationTable {
  id: string;
  /** Order of creation; instants of the same millisecond would not tell. */
  number: number;
  kind: string;
  subject_kind: string;
  subject_id: string;
  subject_name: string;
  status: string;
  steps: string;
  error: string | null;
  revision: number;
  log_count: number;
  created_at: string;
  updated_at: string;
  ended_at: string | null;
}

export interface OperationLogTable {
  operation_id: string;
  number: number;
  at: string;
  text: string;
}

export interface PlaygroundNoteTable {
  playground_id: string;
  number: number;
  at: string;
  text: string;
}

export interface CommandTable {
  sequence: number;
  operation_id: string;
  /** Sealed. */
  command: string;
  created_at: string;
  accepted_at: string | null;
}

export interface StoreKeyTable {
  proof: string;
}

export interface InventoryTable {
  engine: string;
  version: string;
  inventory: string;
  updated_at: string;
}

export interface UserTable {
  /** Never changed, and never given twice; a name is, once its user was removed. */
  id: string;
  name: string;
  admin: number;
  created_at: string;
}

export interface AccessTokenTable {
  user_name: string;
  name: string;
  hash: string;
  created_at: string;
  expires_at: string | null;
}

export interface Tables {
  counters: CounterTable;
  playspecs: PlayspecTable;
  playspec_versions: PlayspecVersionTable;
  playgrounds: PlaygroundTable;
  operations: OperationTable;
  operation_logs: OperationLogTable;
  playground_notes: PlaygroundNoteTable;
  commands: CommandTable;
  inventory: InventoryTable;
  users: UserTable;
  access_tokens: AccessTokenTable;
  store_key: StoreKeyTable;
}

/** The database itself or a transaction on it, with what seals secrets in it: what the functions of this folder work on. */
export type Database = Kysely<Tables> & { readonly box: SecretBox };
