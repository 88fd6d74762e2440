// The steps of each operation on playgrounds of services.
import type { Step } from '../operations/step.ts';
import { removeContainers, removeRoutes } from './destroy/remove-everything.ts';
import { removeAll, startAnew } from './rollout/replace-all.ts';
import { rollOut } from './rollout/roll-out.ts';
import { updateRepositories } from './rollout/update-repositories.ts';
import type { ServicesContext } from './services-context.ts';
import { buildImages } from './start/build-images.ts';
import { cloneAgain, cloneRepositories } from './start/clone-repositories.ts';
import { generateAnew, generateCompose } from './start/generate-compose.ts';
import { pullAgain, pullServiceImages } from './start/pull-images.ts';
import { startContainers } from './start/start-containers.ts';
import { startProxy } from './start/start-proxy.ts';
import { stopContainers } from './stop/stop-containers.ts';
import { fillVolumes } from './volumes/fill-volumes.ts';
import { goBackServices, keepBefore, stopForNow } from './volumes/go-back-services.ts';
import { keepVolumes } from './volumes/keep-volumes.ts';
import { takeUpServices } from './volumes/take-up-services.ts';

export type Steps = readonly Step<ServicesContext>[];

export const startServicesSteps: Steps = [
  startProxy,
  cloneRepositories,
  buildImages,
  pullServiceImages,
  generateCompose,
  startContainers,
];
/** Those of one that may begin with a snapshot, or whose volumes may be gone. */
export const restoreServicesSteps: Steps = [
  takeUpServices,
  ...startServicesSteps.slice(0, -1),
  fillVolumes,
  startContainers,
];
/** The same for one that failed. */
export const retryServicesSteps: Steps = restoreServicesSteps.map((step) =>
  step === cloneRepositories ? cloneAgain : step,
);
/** `operationId`: also of the snapshot of what is left. */
export const rewindServicesSteps = (operationId: string, snapshotId: string): Steps => [
  keepBefore(operationId),
  stopForNow,
  goBackServices(snapshotId),
  ...restoreServicesSteps.slice(1),
];
/** Volumes that somebody removed meanwhile are filled before the containers come that have them. */
const rolloutSteps: Steps = [
  updateRepositories,
  buildImages,
  pullServiceImages,
  generateCompose,
  fillVolumes,
  rollOut,
];
/** No repository is asked: what is pinned stays, and is built again only where it is gone. */
const healSteps: Steps = [buildImages, pullServiceImages, generateCompose, fillVolumes, rollOut];
/** All that can fail before anything is taken away comes first. */
const hardRestartSteps: Steps = [
  updateRepositories,
  buildImages,
  pullAgain,
  generateAnew,
  fillVolumes,
  removeAll,
  startAnew,
];
/** Of one in error: nothing of it serves, so all is made anew, and volumes get what a start that failed did not give them. */
const mendSteps = (...images: Steps): Steps => [
  startProxy,
  updateRepositories,
  buildImages,
  ...images,
  removeAll,
  fillVolumes,
  startAnew,
];
/** `snapshotId`: of what is left. */
export const stopServicesSteps = (snapshotId: string, force: boolean): Steps => [
  stopContainers(force),
  keepVolumes(snapshotId),
];
export const destroyServicesSteps: Steps = [removeRoutes, removeContainers];

/** `heal` brings about what is to be there already. */
export const rolloutWays = {
  ...{ rollout: rolloutSteps, hard: hardRestartSteps, heal: healSteps },
  ...{ mend: mendSteps(pullServiceImages, generateCompose), mendHard: mendSteps(pullAgain, generateAnew) },
} as const;
export type RolloutWay = keyof typeof rolloutWays;
