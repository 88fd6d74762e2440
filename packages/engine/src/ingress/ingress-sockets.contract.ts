// What becomes of WebSockets while routes change, as a suite over the ingress drivers that keep them open.
import { expect, test } from 'vitest';
import { Gate } from './gate/gate.ts';
import {
  type OpenFixture,
  sampleAccess,
  sampleLogin,
  sampleRoute,
  suiteGround,
} from './testing/ingress-ground.ts';
import { openSocket } from './testing/open-socket.ts';

const playground = 'a'.repeat(24);

/** Registers the suite; `internal` says whether that holds for services with a login, too. */
export function describeIngressSockets(
  open: OpenFixture,
  { internal }: { readonly internal: boolean },
): void {
  const gate = new Gate({ playgroundsAt: () => [], accessOf: () => null, now: Date.now });
  const { ground, fixture, apply } = suiteGround(open, gate);

  test.each(internal ? ['open', 'internal'] : ['open'])(
    'a WebSocket of an %s service lives on while other routes change',
    async (kind) => {
      const { driver, httpsPort } = await fixture();
      const access = sampleAccess();
      const login = kind === 'internal' ? sampleLogin(playground, access) : null;
      const sockets = sampleRoute('sockets', await ground.serveSockets(), { login });
      await apply(sockets);
      const socket = await openSocket(httpsPort, sockets.host, { 'x-playhouse-bypass': access.bypass });
      const page = { kind: 'page', status: 503, title: 'there', text: '' } as const;
      await driver.apply([sockets, sampleRoute('page', '', { target: page })]);
      await driver.apply([sockets, sampleRoute('other', await ground.serve('other'))]);
      expect(await socket.say('still there')).toBe('heard still there');
      socket.close();
    },
  );
}
