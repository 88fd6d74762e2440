import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { wrongState } from '@playhouse/contract/errors/wrong-state';
import { execInput, execPath } from '@playhouse/contract/routes/web-socket-paths';
import { pipeSockets } from '@playhouse/gateway/pipe-sockets';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { authorize } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { getPlayground } from '../operations/accepted.ts';
import { parseRequest } from './parse-request.ts';
import type { Guard } from './guard.ts';
import { registerOpened } from './register-opened.ts';

const fallbackSize = { columns: 80, rows: 24 };

/** `GET …/exec` as a WebSocket. The engine has found the container before the upgrade. */
export function registerExec(api: FastifyInstance, guard: Guard): void {
  const { plane, callers } = guard;
  registerOpened(api, guard, {
    path: execPath,
    access: execInput.access,
    open: async (request) => await open(plane, request, callers.of(request)),
    close: (stream) => stream.terminate(),
    serve: pipeSockets,
  });
}

async function open(
  plane: ControlPlane,
  { params, query }: FastifyRequest,
  caller: Principal,
): Promise<WebSocket> {
  const { parameters, query: asked } = parseRequest(execInput, { parameters: params, query });
  await authorize(plane.store.database, execInput.access, caller, { parameters });
  const { id, name, stack, status } = await getPlayground(plane.store.database, parameters.playground);
  if (stack === null) throw new PlayhouseError('exec-of-machines', { playground: name });
  if (status === 'destroyed') throw wrongState({ name, status }, 'entered');
  const { command, user = null, terminal, columns, rows } = asked;
  const size = { columns: columns ?? fallbackSize.columns, rows: rows ?? fallbackSize.rows };
  return await plane.engine.openStream({
    kind: 'services.exec',
    ...{ playgroundId: id, service: parameters.service, command, user },
    terminal: terminal ? size : null,
  });
}
