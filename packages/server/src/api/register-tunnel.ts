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
import { closeWithToken, guardWebSocket } from './web-socket-guard.ts';

/**
 * `GET …/tunnel?port=22` as a WebSocket. The machine's port is dialled before the upgrade, so that a port where nothing
 * answers is an ordinary error response.
 */
export function registerTunnel(api: FastifyInstance, { plane, authenticate, callers }: Guard): void {
  const dialled = new WeakMap<FastifyRequest, Socket>();
  api.route({
    method: 'GET',
    url: tunnelPath,
    websocket: true,
    onRequest: async (request) => {
      callers.note(request, await guardWebSocket(request, tunnelInput.access, authenticate));
    },
    preHandler: async (request) => {
      const socket = await dial(plane, request, callers.of(request));
      dialled.set(request, socket);
      // A client that leaves before the upgrade must not leave the connection behind.
      request.raw.socket.once('close', () => {
        if (dialled.has(request)) socket.destroy();
      });
      if (request.raw.socket.destroyed) socket.destroy();
    },
    handler: (client, request) => {
      const socket = dialled.get(request);
      dialled.delete(request);
      if (socket === undefined) client.close(1011);
      else {
        closeWithToken(client, request, authenticate);
        pipeTunnel(client, socket);
      }
    },
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
