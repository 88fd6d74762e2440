// The suites of ingress drivers with a Caddy newer than Debian’s, as an administrator may have installed it.
import { dirname } from 'node:path';
import { CaddyDriver } from '../../packages/engine/src/ingress/caddy/caddy-driver.ts';
import { describeIngressCertificates } from '../../packages/engine/src/ingress/ingress-certificates.contract.ts';
import { describeIngressDriver } from '../../packages/engine/src/ingress/ingress-driver.contract.ts';
import { describeIngressLogin } from '../../packages/engine/src/ingress/ingress-login.contract.ts';
import { describeIngressSockets } from '../../packages/engine/src/ingress/ingress-sockets.contract.ts';
import { openProxy } from '../../packages/engine/src/ingress/testing/proxy-places.ts';
import { newerCaddy } from './support/newer-caddy.ts';

// This file has a process of its own.
process.env['PATH'] = `${dirname(newerCaddy)}:${process.env['PATH']}`;

const open = openProxy((options) => new CaddyDriver({ ...options, retryForMs: 800 }));

describeIngressDriver(open);
describeIngressLogin(open);
describeIngressSockets(open, { internal: true });
describeIngressCertificates((options) => new CaddyDriver(options));
