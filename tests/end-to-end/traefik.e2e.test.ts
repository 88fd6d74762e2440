// The suites of ingress drivers with a real Traefik: what Caddy does, it does too.
import { LocalAuthority } from '../../packages/engine/src/ingress/certificates/local-authority.ts';
import { Gate } from '../../packages/engine/src/ingress/gate/gate.ts';
import { describeIngressCertificates } from '../../packages/engine/src/ingress/ingress-certificates.contract.ts';
import { describeIngressDriver } from '../../packages/engine/src/ingress/ingress-driver.contract.ts';
import { describeIngressLogin } from '../../packages/engine/src/ingress/ingress-login.contract.ts';
import type { OpenFixture } from '../../packages/engine/src/ingress/testing/ingress-ground.ts';
import { proxyPlaces } from '../../packages/engine/src/ingress/testing/proxy-places.ts';
import { TraefikDriver } from '../../packages/engine/src/ingress/traefik/traefik-driver.ts';
import { TraefikGate } from '../../packages/engine/src/ingress/traefik/traefik-gate.ts';
import { traefikProgram as program } from './support/traefik.ts';

const openFixture: OpenFixture = async (decides) => {
  const { folder, options, remove: removePlaces } = await proxyPlaces();
  const gate = new TraefikGate(decides);
  const authority = new LocalAuthority(`${folder}/authority`, Date.now);
  const make = () => new TraefikDriver({ ...options, program, gate, authority });
  const { httpsPort, httpPort } = options;
  const remove = async () => {
    gate.close();
    await removePlaces();
  };
  const leaveGate = () => gate.close();
  return { driver: make(), anotherDriver: make, httpsPort, httpPort, remove, leaveGate };
};

describeIngressDriver(openFixture);
describeIngressLogin(openFixture);
describeIngressCertificates((options) => {
  const nobodys = new Gate({ playgroundsAt: () => [], accessOf: () => null, now: Date.now });
  return new TraefikDriver({ ...options, program, gate: new TraefikGate(nobodys) });
});
