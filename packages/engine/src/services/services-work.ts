import type { PlaygroundReport } from '@playhouse/contract/link/report';
import type { OperationReporter } from '../operations/operation-reporter.ts';
import type { LogKeeper } from './logs/log-keeper.ts';
import type { BranchWatchOptions } from './sync/branch-watch.ts';

/** An operation on a playground of services that is being carried out. */
export interface ServicesWork {
  readonly kind: string;
  readonly id: string;
  readonly operationId: string;
  readonly reporter: OperationReporter;
  readonly signal: AbortSignal;
}

export interface ServicesSettings {
  readonly httpsPort: number;
  /** Gets the whole state of a playground after every change. */
  readonly tell: (report: PlaygroundReport) => void;
  readonly nextRevision: () => number;
  readonly logs: LogKeeper;
  readonly branches: BranchWatchOptions;
  /** Hears why a job could not be ended that is over; it is tried again. */
  readonly warn: (playground: string, error: unknown) => void;
}
