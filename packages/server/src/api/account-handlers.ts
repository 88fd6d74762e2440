import { createUser, deleteUser, getUser } from '../auth/accounts.ts';
import { accountOf } from '../auth/authorize.ts';
import { nameOf } from '../auth/principal.ts';
import { createUserToken, revokeUserToken } from '../auth/user-tokens.ts';
import type { ControlPlane } from '../control-plane.ts';
import { listTokens } from '../store/tokens.ts';
import { listUsers, toPublicUser } from '../store/users.ts';
import type { HandlersOf } from './handlers.ts';

export function createAccountHandlers(plane: ControlPlane): HandlersOf<'user' | 'token'> {
  const { database } = plane.store;
  return {
    'user.self': async (_request, caller) => ({
      user: toPublicUser(await getUser(database, nameOf(caller))),
    }),
    'user.list': async () => ({ users: (await listUsers(database)).map(toPublicUser) }),
    'user.create': async ({ body }) => {
      return { user: toPublicUser(await createUser(plane, body)) };
    },
    'user.remove': async ({ parameters }, caller) => {
      return { user: toPublicUser(await deleteUser(plane, accountOf(caller, parameters.user))) };
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
