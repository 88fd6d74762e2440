import { z } from 'zod';
import { accessTokenNameSchema, accessTokenSchema } from '../access-token.ts';
import { accountNameSchema, userSchema } from '../user.ts';
import type { Route } from './route.ts';

const parameters = z.object({
  user: z.string().min(1).max(63).describe('Name of a user; `me` is the caller'),
});

export const accountRoutes = {
  'user.self': {
    method: 'GET',
    path: '/api/me',
    summary: 'The user whose token the request carries',
    access: 'user',
    status: 200,
    response: z.object({ user: userSchema }),
    errors: [],
  },
  'user.list': {
    method: 'GET',
    path: '/api/users',
    summary: 'All users',
    access: 'admin',
    status: 200,
    response: z.object({ users: z.array(userSchema) }),
    errors: [],
  },
  'user.create': {
    method: 'POST',
    path: '/api/users',
    summary: 'Create a user, who has no token yet',
    access: 'admin',
    body: z.strictObject({ name: accountNameSchema, admin: z.boolean().default(false) }),
    status: 201,
    response: z.object({ user: userSchema }),
    errors: ['user-exists'],
  },
  'user.remove': {
    method: 'DELETE',
    path: '/api/users/:user',
    summary: 'Remove a user and revoke the tokens; what the user owned is the administrator’s from then on',
    access: 'admin',
    parameters,
    status: 200,
    response: z.object({ user: userSchema }),
    errors: ['user-unknown', 'user-protected'],
  },
  'token.list': {
    method: 'GET',
    path: '/api/users/:user/tokens',
    summary: 'The tokens of a user',
    access: 'account',
    parameters,
    status: 200,
    response: z.object({ tokens: z.array(accessTokenSchema) }),
    errors: ['user-unknown'],
  },
  'token.create': {
    method: 'POST',
    path: '/api/users/:user/tokens',
    summary: 'Create a token; the answer is the only place where it is shown',
    access: 'account',
    parameters,
    body: z.strictObject({
      name: accessTokenNameSchema,
      expiresInDays: z.int().min(1).max(3650).optional().describe('Default: it does not expire'),
    }),
    status: 201,
    response: z.object({
      token: accessTokenSchema,
      secret: z.string().describe('What goes into the `Authorization` header'),
    }),
    errors: ['user-unknown', 'access-token-exists'],
  },
  'token.revoke': {
    method: 'DELETE',
    path: '/api/users/:user/tokens/:token',
    summary: 'Revoke a token; connections that it opened are closed within half a minute',
    access: 'account',
    parameters: parameters.extend({ token: z.string().min(1).max(63).describe('Name of the token') }),
    status: 200,
    response: z.object({ token: accessTokenSchema }),
    errors: ['user-unknown', 'access-token-unknown', 'access-token-protected'],
  },
} as const satisfies Record<string, Route>;
