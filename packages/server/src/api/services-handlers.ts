import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { RouteName } from '@playhouse/contract/routes/route-table';
import { userOf } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { getPlayground } from '../operations/accepted.ts';
import { previewServices } from '../operations/preview-services.ts';
import { rolloutPlayground } from '../operations/rollout-playground.ts';
import type { Handlers } from './handlers.ts';

/** Routes that only playgrounds of Compose services have. */
export type ServicesRoute = Extract<
  RouteName,
  `playground.${'rollout' | 'hard-restart' | 'password' | 'password-renew' | 'bypass' | 'bypass-renew' | 'maintenance' | 'preview'}`
>;

export function createServicesHandlers(plane: ControlPlane): Pick<Handlers, ServicesRoute> {
  const { engine } = plane;
  const idOf = async (reference: string) => {
    const { id, name, stack } = await getPlayground(plane.store.database, reference);
    if (stack === null) throw new PlayhouseError('not-of-machines', { playground: name });
    return id;
  };
  const password = async (reference: string, renew: boolean) => {
    const playgroundId = await idOf(reference);
    const answer = await engine.ask({ kind: 'services.password', playgroundId, renew });
    return { user: answer.user, password: answer.password };
  };
  const bypass = async (reference: string, renew: boolean) => {
    const playgroundId = await idOf(reference);
    const { header, token } = await engine.ask({ kind: 'services.bypass', playgroundId, renew });
    return { header, token };
  };
  return {
    'playground.preview': async ({ body }, caller) => await previewServices(plane, body, userOf(caller).id),
    'playground.rollout': ({ parameters, body }) =>
      rolloutPlayground(plane, parameters.playground, body, false),
    'playground.hard-restart': ({ parameters, body }) =>
      rolloutPlayground(plane, parameters.playground, body, true),
    'playground.password': async ({ parameters }) => await password(parameters.playground, false),
    'playground.password-renew': async ({ parameters }) => await password(parameters.playground, true),
    'playground.bypass': async ({ parameters }) => await bypass(parameters.playground, false),
    'playground.bypass-renew': async ({ parameters }) => await bypass(parameters.playground, true),
    'playground.maintenance': async ({ parameters, body: { enabled, service, message } }) => {
      const playgroundId = await idOf(parameters.playground);
      const { services } = await engine.ask({
        kind: 'services.maintenance',
        playgroundId,
        service: service ?? null,
        message: enabled ? message : null,
      });
      return { services };
    },
  };
}
