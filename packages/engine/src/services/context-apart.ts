import { HealthWatch } from './health/health-watch.ts';
import { ownerLabel, type ServicesContext, type ServicesTools } from './services-context.ts';
import type { ServicesRecords } from './services-record.ts';
import { StandStill } from './volumes/stand-still.ts';

/** A context for steps that work on records of their own, in a folder of their own: what they do changes no playground. */
export function contextApart(tools: ServicesTools, records: ServicesRecords, id: string): ServicesContext {
  return {
    ...{ tools: { ...tools, records }, id, rollout: false, changed: () => {} },
    ...{ seen: new Map(), health: new HealthWatch() },
    standStill: new StandStill(ownerLabel),
  };
}
