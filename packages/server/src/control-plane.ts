import type { HostPolicy } from '@playhouse/contract/compose/policy/host-policy';
import type { EngineGate } from './link/engine-gate.ts';
import type { EventFeed } from './operations/event-feed.ts';
import type { LifetimeRules } from './operations/lifetime-rules.ts';
import type { ResourceLimits } from './placement/scale-resources.ts';
import type { ServicesLimits } from './placement/check-services-room.ts';
import type { Store } from './store/store.ts';

/** What the use cases work with. Time and randomness are injected. */
export interface ControlPlane {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly engine: EngineGate;
  readonly now: () => Date;
  /** 24 random lowercase hex digits. */
  readonly newIdentifier: () => string;
  readonly playgroundLimit: number;
  readonly servicesLimits: ServicesLimits;
  readonly lifetimes: LifetimeRules;
  /** What manifests get at most. */
  readonly limits: ResourceLimits;
  /** What Compose files may ask of the host, where that differs from the defaults. */
  readonly hostPolicy: HostPolicy;
  /** Domain of the addresses of services. */
  readonly domain: string;
  /** How often the vault is drilled, in ms; 0 for never. */
  readonly drillEveryMs: number;
}
