// What Playhouse has to do for each service of a Compose file: data only, decided from its labels and fields.
import type { PathRule } from '../labels/path-rule.ts';
import type { Repository } from '../labels/repository.ts';
import type { BuildExtras } from './build-extras.ts';

export interface ServicePlan {
  readonly services: readonly PlannedService[];
  /** True when every playground of it is a job: it ends when its watched services have. */
  readonly jobMode: boolean;
}

export interface PlannedService {
  readonly name: string;
  /** `dynamic`: of a Git repository; `static`: of an image alone. */
  readonly kind: 'static' | 'dynamic';
  /** As written; null when it is only built. */
  readonly image: string | null;
  /** Null for a static service. */
  readonly source: PlannedSource | null;
  /** What its image is built from; null when there is nothing to build, as in development mode with an `image`. */
  readonly build: PlannedBuild | null;
  readonly production: boolean;
  /** False when nothing is to be built before a rollout asks for it. */
  readonly buildAhead: boolean;
  readonly startCommand: string | null;
  /** Null: not reachable from outside. */
  readonly exposure: PlannedExposure | null;
  /** The platform's own check; null when none was asked for. */
  readonly healthCheck: HealthCheck | null;
  /** True when the file has a `healthcheck:` that Docker runs. */
  readonly dockerHealthCheck: boolean;
  readonly zeroDowntime: boolean;
  /** In job mode: the job waits for it. */
  readonly watched: boolean;
  /** Compose profiles; a service with some runs only when one of them is chosen. */
  readonly profiles: readonly string[];
}

export interface PlannedSource {
  readonly repository: Repository;
  /** True when nobody named it: it is the one that the Compose file was taken from, and relative paths begin beside that file. */
  readonly ofFile?: true;
  /** Null: the repository's default branch. */
  readonly branch: string | null;
  /** Folder of the container at which the working copy is mounted in development mode. */
  readonly mount: string;
  /** File of the checkout with default values of service variables; it need not exist. */
  readonly envFile: string;
}

/**
 * Paths are as written, relative to the checkout, or to the Compose file that is in it; those that Docker Compose resolved are
 * absolute.
 */
export interface PlannedBuild {
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  /** Null: the last stage. */
  readonly target: string | null;
  /** Null: the value is that of a service variable of this name. */
  readonly arguments: Readonly<Record<string, string | null>>;
  /** What it is built for, as in `linux/arm64`; absent: what the playroom is. */
  readonly platform?: string;
  /** Absent when there are none. */
  readonly extras?: BuildExtras;
}

export interface PlannedExposure {
  readonly port: number;
  readonly visibility: 'internal' | 'external';
  /** A DNS label, or `@` for the domain itself. */
  readonly subdomain: string;
  readonly pathRule: PathRule;
}

/** All times in milliseconds. */
export interface HealthCheck {
  readonly path: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Failures in a row that make it unhealthy. */
  readonly retries: number;
  /** Time after the start in which failures do not count. */
  readonly startPeriodMs: number;
}
