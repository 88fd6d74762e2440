import type { ReadLabels } from '../labels/read-labels.ts';
import type { ComposeOrigin } from '../compose-origin.ts';
import type { PlannedService } from './service-plan.ts';

export interface PlanOptions {
  /** Every playground of the file is a job. */
  readonly jobMode?: boolean;
  /** Where the file was taken from: services to be built that name no repository are built from that one. */
  readonly origin?: ComposeOrigin | undefined;
}

/** A service with what it was read from. */
export interface ReadService {
  readonly planned: PlannedService;
  readonly written: Readonly<Record<string, unknown>>;
  readonly labels: ReadLabels;
}
