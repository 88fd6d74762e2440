import { userOf } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { HandlersOf } from './handlers.ts';

/** Everybody’s own alone, administrators’ too. Secrets are passed on to the engine and neither kept nor logged here. */
export function createCredentialHandlers({ engine }: Pick<ControlPlane, 'engine'>): HandlersOf<'credential'> {
  return {
    'credential.list': async (_request, caller) => {
      const { credentials } = await engine.ask({ kind: 'credential.list', owner: userOf(caller).id });
      return { credentials };
    },
    'credential.add': async ({ body: credential }, caller) => {
      const owner = userOf(caller).id;
      const { credentials } = await engine.ask({ kind: 'credential.add', owner, credential });
      return { credentials };
    },
    'credential.remove': async ({ parameters: { name } }, caller) => {
      const owner = userOf(caller).id;
      const { credentials } = await engine.ask({ kind: 'credential.remove', owner, name });
      return { credentials };
    },
  };
}
