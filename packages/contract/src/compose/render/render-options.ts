import type { ServicePlan } from '../plan/service-plan.ts';
import type { HostPolicy } from '../policy/host-policy.ts';
import type { ComposeData } from './read-rendered.ts';

export interface RenderOptions {
  /** The file as Docker Compose rendered it, with plain values (readRendered). */
  readonly rendered: ComposeData;
  /** That of the rendered file (planServices). */
  readonly plan: ServicePlan;
  /** Project name, `pg-{number}-{slug}`. */
  readonly project: string;
  /** Labels of everything that is made, by which its owner is known: `{ 'playhouse.playground': ID }`. */
  readonly owner: Readonly<Record<string, string>>;
  readonly policy: HostPolicy;
  /** What was decided for each service, by name. Services without an entry run as the file says. */
  readonly services: Readonly<Record<string, ServiceChoice>>;
  /**
   * Name of a Docker network that only this playground and the ingress are on; routed services join it. It must not be shared
   * by playgrounds: on each network that a service joins, it has its name, and a shared one would have many a `db`. Null: the
   * ingress runs on the host and reaches every network.
   */
  readonly ingressNetwork: string | null;
  /** Subnets of networks that ask for none of their own (needsSubnet), by their keys. One without leaves it to Docker. */
  readonly subnets?: Readonly<Record<string, string>>;
  /** What volumes that outlive the playground begin with (persistentVolumePrefix); null: they end with it. */
  readonly volumePrefix: string | null;
}

/** What was decided for one service of a playground. */
export interface ServiceChoice {
  /** Image that was built for it, or the digest that was pulled; null runs the image of the file. */
  readonly image?: string | null;
  /** True when the image is only here, so that Compose must not look for it elsewhere. */
  readonly built?: boolean;
  /** Absolute path of the working copy, mounted in development mode; null in production mode and for static services. */
  readonly checkout?: string | null;
  /** All its service variables (resolveVariables). They replace `environment:`, which is one of their layers. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Replaces the start command of the plan. */
  readonly startCommand?: string | null;
}
