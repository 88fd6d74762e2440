// The seam between the vault and where its bytes are. A driver moves whole objects and knows nothing of keys, chunks or
// layers; all that it gets is sealed already. Storage is not trusted: whoever reads checks what came.

export interface VaultObject {
  readonly key: string;
  readonly sizeBytes: number;
}

/**
 * Keys are words of letters, digits and `. _ : -`, separated by slashes; no word begins with a dot (see object-keys.ts).
 *
 * Every method may be called from several processes at once and MUST throw only errors of the catalogue: `vault-unreachable`
 * when there is no answer (also after the driver’s own retries, and when an answer stalls), `vault-refused`, `vault-full`,
 * and `cancelled` when its signal is aborted.
 */
export interface VaultDriver {
  /** Names the place in errors: a folder, or bucket and server. MUST NOT hold a secret. */
  readonly where: string;

  /**
   * Writes a whole object of at most `largestObjectBytes`. MUST be atomic: whoever reads sees the old object, the new one or
   * none, never a part, whatever crashes. MUST be durable when it returns. MUST replace an object that is there; the same
   * put may be repeated. Nothing but invisible leftovers may stay when it throws.
   */
  put(key: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;

  /** The whole object, or null when there is none. MUST NOT give less than was stored without throwing, if it can tell. */
  get(key: string, signal?: AbortSignal): Promise<Buffer | null>;

  /** Whether there is such an object. A yes is no promise that it can be read. */
  has(key: string, signal?: AbortSignal): Promise<boolean>;

  /**
   * Every object whose key starts with `prefix`, in any order. MUST give those that were there when it began and still are;
   * MAY give or leave out what comes or goes meanwhile.
   */
  list(prefix: string, signal?: AbortSignal): AsyncIterable<VaultObject>;

  /** Removes an object. MUST be silent when there is none. */
  remove(key: string, signal?: AbortSignal): Promise<void>;

  /** Lets go of connections. Idempotent. */
  close(): void;
}

/** No object is larger: whole objects are held in memory. */
export const largestObjectBytes = 8 * 1024 ** 2 + 64 * 1024;
