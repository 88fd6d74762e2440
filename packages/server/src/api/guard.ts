import type { Authenticate } from '../auth/authenticate.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Callers } from './callers.ts';

/** What a registered path needs to know who calls and whether they may. */
export interface Guard {
  readonly plane: ControlPlane;
  readonly authenticate: Authenticate;
  readonly callers: Callers;
}
