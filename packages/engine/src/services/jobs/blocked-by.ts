// What services of a final Compose file need before they run, as `depends_on` says it.
import { isRecord } from '@playhouse/contract/manifest/noun';
import type { ContainerState } from '../docker/docker-api.ts';
import type { FinalServices } from '../rollout/changed-services.ts';

/** `ready`: nothing is in the way; `waits`: what it needs has not come about yet; else why that never will. */
export type Outlook = 'ready' | 'waits' | { readonly never: string };

/** True when a service was started, whatever came of it. */
export function wasStarted(name: string, containers: readonly ContainerState[]): boolean {
  return containers.some(({ service, status }) => service === name && status !== 'created');
}

/** Whether a service that was not started yet can be. */
export function outlookOf(
  name: string,
  services: FinalServices,
  containers: readonly ContainerState[],
): Outlook {
  const outlooks = needsOf(services[name]?.['depends_on'])
    .filter(({ need }) => services[need] !== undefined)
    .map(({ need, condition }) => {
      if (wasStarted(need, containers)) return outlookOn(need, condition, containers);
      const before = outlookOf(need, services, containers);
      return before === 'ready' ? 'waits' : before;
    });
  return (
    outlooks.find((outlook) => typeof outlook === 'object') ??
    outlooks.find((outlook) => outlook === 'waits') ??
    'ready'
  );
}

/** What can be done without (`required: false`) is in nobody’s way. */
function needsOf(written: unknown): readonly { readonly need: string; readonly condition: unknown }[] {
  if (Array.isArray(written))
    return written.map((need) => ({ need: String(need), condition: 'service_started' }));
  return Object.entries(isRecord(written) ? written : {}).flatMap(([need, how]) =>
    isRecord(how) && how['required'] !== false ? [{ need, condition: how['condition'] }] : [],
  );
}

function outlookOn(need: string, condition: unknown, containers: readonly ContainerState[]): Outlook {
  const own = containers.filter(({ service }) => service === need);
  const failed = own.find(({ exitCode }) => exitCode !== null && exitCode !== 0) ?? own[0];
  if (failed === undefined || condition === 'service_started') return 'ready';
  const { exitCode, health } = failed;
  if (condition === 'service_completed_successfully') {
    if (exitCode === null) return 'waits';
    return exitCode === 0 ? 'ready' : { never: `${need} ended with ${exitCode}` };
  }
  if (exitCode !== null) return { never: `${need} ended with ${exitCode}` };
  if (health === 'unhealthy') return { never: `${need} is unhealthy` };
  return health === 'starting' ? 'waits' : 'ready';
}
