import type { Socket } from 'node:net';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { tunnelInput, tunnelPath } from '@playhouse/contract/routes/web-socket-paths';
import { connectTunnel, pipeTunnel } from '@playhouse/gateway/tunnel';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authorize } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { findRunningMachine } from '../operations/find-machine.ts';
import { parseRequest } from './parse-request.ts';
import type { Guard } from './guard.ts';
import { registerOpened } from './register-opened.ts';

/** `GET …/tunnel?port=22` as a WebSocket. The machine’s port is dialled before the upgrade. */
export function registerTunnel(api: FastifyInstance, guard: Guard): void {
  const { plane, callers } = guard;
  registerOpened(api, guard, {
    path: tunnelPath,
    access: tunnelInput.access,
    open: async (request) => await dial(plane, request, callers.of(request)),
    close: (socket) => socket.destroy(),
    serve: pipeTunnel,
  });
}

async function dial(
  plane: ControlPlane,
  { params, query }: FastifyRequest,
  caller: Principal,
): Promise<Socket> {
  const { parameters, query: asked } = parseRequest(tunnelInput, { parameters: params, query });
  await authorize(plane.store.database, tunnelInput.access, caller, { parameters });
  const { playground, machine } = await findRunningMachine(plane.store.database, parameters);
  if (machine.edgeAddress === null) {
    throw new PlayhouseError('machine-not-running', { machine: machine.name, playground: playground.name });
  }
  return connectTunnel({ machine: machine.name, address: machine.edgeAddress, port: asked.port });
}
