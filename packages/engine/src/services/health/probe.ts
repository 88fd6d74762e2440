import { request } from 'node:http';

export interface ProbeTarget {
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
}

/** Null when the answer is below 400; else what was wrong, for people. */
export type Probe = (target: ProbeTarget) => Promise<string | null>;

/** Asks a container over HTTP, as the ingress will. What it answers is the guest’s: only its status is looked at. */
export const probeHttp: Probe = async ({ address: host, port, path, timeoutMs }) => {
  const what = `GET http://${host}:${port}${path}`;
  return await new Promise((resolve) => {
    const asked = request({ host, port, path, timeout: timeoutMs, agent: false }, (response) => {
      response.destroy();
      const status = response.statusCode ?? 0;
      resolve(status < 400 ? null : `${what} answered ${status}`);
    });
    // A server that goes on sending headers is no more use than a silent one.
    const deadline = setTimeout(() => asked.destroy(new Error('no answer in time')), timeoutMs);
    asked.on('close', () => clearTimeout(deadline));
    asked.on('error', (error) => resolve(`${what}: ${error.message}`));
    asked.end();
  });
};
