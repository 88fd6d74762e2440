import type { Service } from '@playhouse/contract/service';

/** What is known of a dynamic service’s checkout since its branch was last asked for. */
export interface Followed {
  /** Null when Git cannot tell. */
  readonly dirty: boolean | null;
  readonly standing: NonNullable<Service['standing']>;
  /** The newest commit of its branch; null while that is not known. */
  readonly newest: string | null;
  /** Why it could not be asked, or what is new could not be taken up. */
  readonly detail: string | null;
}
