// Hosts of private repositories on loopback, in the namespace of an installation: Git’s own program behind a web server that asks for a
// password, and OpenSSH.
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import {
  newKey,
  writeAuthority,
  writeCertificate,
} from '../../../packages/engine/src/ingress/certificates/openssl.ts';
import type { Installation } from './installation.ts';
import { run, runOk, Service } from './process.ts';
import { until } from './until.ts';

/** Smart HTTP: hands requests that bring the right password to `git http-backend`. */
const program = `
const [port, root, passwordFile, tls] = process.argv.slice(1);
const { spawn } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { createServer } = require(tls ? 'node:https' : 'node:http');
const certified = tls ? { key: readFileSync(tls + '.key'), cert: readFileSync(tls + '.pem') } : {};
const wanted = 'Basic ' + Buffer.from(readFileSync(passwordFile, 'utf8').trim()).toString('base64');
createServer(certified, (asked, answer) => {
  const { authorization } = asked.headers;
  if (authorization !== wanted) {
    answer.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' });
    return answer.end(authorization === undefined ? 'who are you?' : 'not with ' + authorization);
  }
  if (existsSync(passwordFile + '.hold')) return;
  const [path, query = ''] = asked.url.split('?');
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH, GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: path, QUERY_STRING: query,
      GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*',
      REQUEST_METHOD: asked.method, CONTENT_TYPE: asked.headers['content-type'] ?? '',
      CONTENT_LENGTH: asked.headers['content-length'] ?? '', HTTP_CONTENT_ENCODING: asked.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: asked.headers['git-protocol'] ?? '',
    },
  });
  asked.pipe(child.stdin).on('error', () => {});
  const parts = [];
  child.stdout.on('data', (bytes) => parts.push(bytes));
  child.on('close', () => {
    const all = Buffer.concat(parts);
    const end = all.indexOf('\\r\\n\\r\\n');
    const headers = Object.fromEntries(all.subarray(0, end).toString().split('\\r\\n').map((line) => line.split(/: (.*)/)));
    const { Status = '200', ...rest } = headers;
    answer.writeHead(Number(Status.slice(0, 3)), rest);
    answer.end(all.subarray(end + 4));
  });
}).listen(Number(port), '127.0.0.1');
`;

export class PrivateHosts implements AsyncDisposable {
  readonly #folder: string;
  readonly #services: readonly Service[];
  /** As an address of repositories begins. */
  readonly overHttp: string;
  /** By a certificate that an authority of its own has signed, for `localhost` alone. */
  readonly overHttps: string;
  readonly overSsh: string;
  /** Lines of `known_hosts` for the present key, and for one that is not the host’s. */
  readonly hostKeys: string;
  readonly otherHostKeys: string;
  /** Private key that is let in. */
  readonly key: string;

  private constructor(folder: string, services: readonly Service[], keys: readonly [string, string, string]) {
    this.#folder = folder;
    this.#services = services;
    [this.key, this.hostKeys, this.otherHostKeys] = keys;
    this.overHttp = `http://127.0.0.1:${httpPort}`;
    this.overHttps = `https://localhost:${httpsPort}`;
    this.overSsh = `ssh://root@127.0.0.1:${sshPort}`;
  }

  /** Serves the repositories below a folder; `login` as in `ann:token`. */
  static async start(installation: Installation, repositories: string, login: string): Promise<PrivateHosts> {
    const folder = await mkdtemp('/tmp/phh-');
    await writeFile(`${folder}/login`, login, { mode: 0o600 });
    for (const name of ['host', 'other', 'user'])
      await runOk(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', `${folder}/${name}`]);
    const read = async (name: string) => (await readFile(`${folder}/${name}`, 'utf8')).trim();
    const onlyGit = `command="git-shell -c \\"$SSH_ORIGINAL_COMMAND\\"" ${await read('user.pub')}\n`;
    await writeFile(`${folder}/authorized`, onlyGit);
    const settings = [
      ...[`Port ${sshPort}`, 'ListenAddress 127.0.0.1', `HostKey ${folder}/host`, `PidFile ${folder}/pid`],
      ...[`AuthorizedKeysFile ${folder}/authorized`, 'PermitRootLogin forced-commands-only'],
      ...['UsePAM no', 'StrictModes no', 'PasswordAuthentication no'],
    ];
    await writeFile(`${folder}/sshd_config`, `${settings.join('\n')}\n`);
    await mkdir('/run/sshd', { recursive: true });
    await certify(folder);
    const { inNetns } = installation;
    const git = (...words: string[]) =>
      new Service([...inNetns, process.execPath, '-e', program, ...words], {});
    const services = [
      git(`${httpPort}`, repositories, `${folder}/login`),
      git(`${httpsPort}`, repositories, `${folder}/login`, `${folder}/server`),
      new Service([...inNetns, '/usr/sbin/sshd', '-D', '-e', '-f', `${folder}/sshd_config`], {}),
    ];
    const at = `[127.0.0.1]:${sshPort}`;
    const keys = [
      await readFile(`${folder}/user`, 'utf8'),
      `${at} ${await read('host.pub')}\n`,
      `${at} ${await read('other.pub')}\n`,
    ] as const;
    for (const [index, port] of [httpPort, httpsPort, sshPort].entries())
      await until(
        'a host of repositories to listen',
        async () =>
          (await run([...inNetns, 'busybox', 'nc', '-w', '1', '127.0.0.1', `${port}`], { input: '' }))
            .code === 0,
        services[index],
      );
    return new PrivateHosts(folder, services, keys);
  }

  /** Whoever asks over HTTP with the right password gets no answer from now on, until it is let go: then whoever asks anew. */
  async hold(): Promise<void> {
    await writeFile(`${this.#folder}/login.hold`, '');
  }

  async letGo(): Promise<void> {
    await rm(`${this.#folder}/login.hold`);
  }

  /** Writes the authority that vouches for it, or one that does not. */
  async writeAuthority(file: string, which: 'authority' | 'stranger'): Promise<void> {
    await copyFile(`${this.#folder}/${which}.pem`, file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const service of this.#services) await service.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const httpPort = 8300;
const httpsPort = 8343;
const sshPort = 2222;

/** Makes two authorities, and a certificate that the first has signed. */
async function certify(folder: string): Promise<void> {
  const filesOf = (name: string) => ({
    keyFile: `${folder}/${name}.key`,
    certificateFile: `${folder}/${name}.pem`,
  });
  for (const name of ['authority', 'stranger', 'server'])
    await writeFile(filesOf(name).keyFile, newKey(), { mode: 0o600 });
  for (const name of ['authority', 'stranger']) await writeAuthority(name, 30, filesOf(name));
  const { keyFile: authorityKeyFile, certificateFile: authorityFile } = filesOf('authority');
  await writeCertificate(['localhost'], 30, { ...filesOf('server'), authorityKeyFile, authorityFile });
}
