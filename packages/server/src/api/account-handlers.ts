import { createUser, deleteUser, getUser } from '../auth/accounts.ts';
import { accountOf } from '../auth/authorize.ts';
import { nameOf } from '../auth/principal.ts';
import { createUserToken, revokeUserToken } from '../auth/user-tokens.ts';
import type { ControlPlane } from '../control-plane.ts';
import { listTokens } from '../store/tokens.ts';
import { listUsers } from '../store/users.ts';
import type { HandlersOf } from './handlers.ts';

export function createAccountHandlers(plane: ControlPlane): HandlersOf<'user' | 'token'> {
  const { database } = plane.store;
  return {
    'user.self': async (_request, caller) => ({ user: await getUser(database, nameOf(caller)) }),
    'user.list': async () => ({ users: await listUsers(database) }),
    'user.create': async ({ body }) => {
      const user = await createUser(plane, body);
      forgetCredentials(plane, user.name);
      return { user };
    },
    'user.remove': async ({ parameters }, caller) => {
      const user = await deleteUser(plane, accountOf(caller, parameters.user));
      forgetCredentials(plane, user.name);
      return { user };
    },
    'token.list': async ({ parameters }, caller) => {
      const { name } = await getUser(database, accountOf(caller, parameters.user));
      return { tokens: await listTokens(database, name) };
    },
    'token.create': async ({ parameters, body }, caller) =>
      createUserToken(plane, { ...body, user: accountOf(caller, parameters.user) }),
    'token.revoke': async ({ parameters }, caller) => ({
      token: await revokeUserToken(plane, accountOf(caller, parameters.user), parameters.token),
    }),
  };
}

/**
 * What somebody of that name had kept is not for whoever comes next. Nobody waits for it: the engine hears what is asked
 * next after it. One that is away is asked again when the name is given anew.
 */
function forgetCredentials({ engine }: Pick<ControlPlane, 'engine'>, owner: string): void {
  if (engine.connected) void engine.ask({ kind: 'credential.forget', owner }).catch(() => {});
}
