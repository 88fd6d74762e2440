import type { Service } from '../../service.ts';

/** The service `web` of an image that runs, is not exposed, and of which there is nothing else to tell. */
export function sampleService(more: Partial<Service> = {}): Service {
  return {
    ...{ name: 'web', kind: 'static', state: 'running', image: 'w:1', url: null, visibility: null },
    ...{ exitCode: null, endDetail: null, healthOutput: null, maintenance: null },
    ...{ branch: null, commit: null, dirty: null, standing: null, standingDetail: null, nextImage: null },
    ...{ watched: false, drift: null, kept: null, production: false },
    ...more,
  };
}
