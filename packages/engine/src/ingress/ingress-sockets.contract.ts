// What becomes of WebSockets while routes change, as a suite over the ingress drivers that keep them open.
import { afterAll, expect, test } from 'vitest';
import { Gate } from './gate/gate.ts';
import {
  type IngressFixture,
  IngressGround,
  type OpenFixture,
  sampleAccess,
  sampleLogin,
  sampleRoute,
} from './testing/ingress-ground.ts';
import { openSocket } from './testing/open-socket.ts';

const playground = 'a'.repeat(24);

/** Registers the suite; `internal` says whether that holds for services with a login, too. */
export function describeIngressSockets(
  open: OpenFixture,
  { internal }: { readonly internal: boolean },
): void {
  const gate = new Gate({ playgroundsAt: () => [], accessOf: () => null, now: Date.now });
  const ground = new IngressGround();
  let opened: Promise<IngressFixture> | undefined;
  const fixture = async () => await (opened ??= open(gate));
  afterAll(async () => {
    ground.close();
    if (!opened) return;
    const { driver, remove } = await opened;
    await driver.stop();
    await remove();
  });

  test.each(internal ? ['open', 'internal'] : ['open'])(
    'a WebSocket of an %s service lives on while other routes change',
    async (kind) => {
      const { driver, httpsPort } = await fixture();
      const access = sampleAccess();
      const login = kind === 'internal' ? sampleLogin(playground, access) : null;
      const sockets = sampleRoute('sockets', await ground.serveSockets(), { login });
      await driver.apply([sockets]);
      await driver.certify([sockets.host]);
      const socket = await openSocket(httpsPort, sockets.host, { 'x-playhouse-bypass': access.bypass });
      const page = { kind: 'page', status: 503, title: 'there', text: '' } as const;
      await driver.apply([sockets, sampleRoute('page', '', { target: page })]);
      await driver.apply([sockets, sampleRoute('other', await ground.serve('other'))]);
      expect(await socket.say('still there')).toBe('heard still there');
      socket.close();
    },
  );
}
