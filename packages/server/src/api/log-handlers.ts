import type { ControlPlane } from '../control-plane.ts';
import { collectLogs } from '../logs/collect-logs.ts';
import { describePlayground } from '../logs/describe-playground.ts';
import { openLogs } from '../logs/open-logs.ts';
import type { Handlers } from './handlers.ts';
import type { Build } from './system-handlers.ts';

export type LogRoute = 'playground.logs' | 'playground.debug';

export function createLogHandlers(plane: ControlPlane, { version }: Build): Pick<Handlers, LogRoute> {
  return {
    'playground.logs': async ({ parameters, query }) => {
      const reader = await openLogs(plane, parameters.playground, query);
      return { source: reader.source, ...(await collectLogs(reader)) };
    },
    'playground.debug': async ({ parameters }) =>
      await describePlayground(plane, version, parameters.playground),
  };
}
