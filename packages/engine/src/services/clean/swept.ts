/** What was removed, and what could not be. */
export interface Swept {
  readonly removed: readonly string[];
  readonly left: readonly string[];
}
