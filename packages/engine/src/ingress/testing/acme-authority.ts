// A real authority that speaks ACME, on loopback: Pebble, which looks at the hosts that it is asked for at a proxy’s own ports.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { run } from '../../system/run.ts';
import { spawnProgram } from '../../system/testing/start-program.ts';
import { newKey, writeAuthority, writeCertificate } from '../certificates/openssl.ts';
import { untakenPort } from '../../system/testing/untaken-port.ts';

/** A host that it gives no certificate for. */
export const refusedHost = 'refused.example.org';

export interface AcmeAuthority {
  readonly directory: string;
  /** What vouches for the directory itself. */
  readonly authorityFile: string;
  readonly stop: () => Promise<void>;
}

/** Starts one that reaches every host at these ports of this host; `within` are the words of a program that runs it elsewhere. */
export async function startAcmeAuthority(
  ports: { readonly httpPort: number; readonly httpsPort: number },
  within: readonly string[] = [],
): Promise<AcmeAuthority> {
  const folder = await mkdtemp('/tmp/playhouse-acme-');
  const [keyFile, certificateFile] = [`${folder}/directory.key`, `${folder}/directory.pem`];
  const [authorityKeyFile, authorityFile] = [`${folder}/authority.key`, `${folder}/authority.pem`];
  for (const file of [keyFile, authorityKeyFile]) await writeFile(file, newKey(), { mode: 0o600 });
  await writeAuthority('Authority of a test', 1, {
    keyFile: authorityKeyFile,
    certificateFile: authorityFile,
  });
  await writeCertificate(['localhost'], 1, { keyFile, certificateFile, authorityKeyFile, authorityFile });
  const port = await untakenPort(8000, 11_000, [0, 4000, 8000, 8001]);
  const [management, names, control] = [port + 4000, port + 8000, port + 8001];
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: certificateFile,
    privateKey: keyFile,
    httpPort: ports.httpPort,
    tlsPort: ports.httpsPort,
    domainBlocklist: [refusedHost],
  };
  await writeFile(`${folder}/pebble.json`, JSON.stringify({ pebble }));
  const nameWords = [
    '-dns01',
    `127.0.0.1:${names}`,
    '-management',
    `127.0.0.1:${control}`,
    '-defaultIPv6',
    '',
  ];
  const none = ['-http01', '', '-https01', '', '-tlsalpn01', ''];
  const children = [
    spawnProgram(['env', ...within, 'pebble-challtestsrv', ...nameWords, ...none]),
    spawnProgram(
      ['env', ...within, 'pebble', '-config', `${folder}/pebble.json`, '-dnsserver', `127.0.0.1:${names}`],
      {
        // It waits a while before it looks, and refuses some answers, to teach its clients patience.
        env: { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' },
      },
    ),
  ];
  const directory = `https://localhost:${port}/dir`;
  const deadline = performance.now() + 30_000;
  while (!(await answers(directory, within))) {
    if (performance.now() > deadline) throw new Error('Pebble does not answer');
    await setTimeout(50);
  }
  const stop = async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  return { directory, authorityFile, stop };
}

async function answers(url: string, within: readonly string[]): Promise<boolean> {
  const words = [...within, 'curl', '--silent', '--insecure', '--fail', '--output', '/dev/null', url];
  return (await run(words)).exitCode === 0;
}
