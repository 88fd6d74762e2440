import type { ReadLabels } from '../labels/read-labels.ts';
import type { Repository } from '../labels/repository.ts';
import type { PlannedService } from './service-plan.ts';

export interface PlanOptions {
  /** Every playground of the file is a job. */
  readonly jobMode?: boolean;
  /** The repository that the file was taken from: services to be built that name none are built from it. */
  readonly repository?: Repository;
}

/** A service with what it was read from. */
export interface ReadService {
  readonly planned: PlannedService;
  readonly written: Readonly<Record<string, unknown>>;
  readonly labels: ReadLabels;
}
