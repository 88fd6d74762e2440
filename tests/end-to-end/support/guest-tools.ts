// Programs that a machine's image does not have, brought there over SSH.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import type { Installation } from './installation.ts';
import { run, runOk } from './process.ts';

const sources = new URL('guest-programs/', import.meta.url).pathname;

/** Where the tools lie in the machine. */
const folder = '/opt/test';

/**
 * Brings static builds of `guest-programs/<name>.c` and programs of this host into a machine, as `/opt/test/<name>`. The
 * host's programs come with the loader and libraries they are linked with: the machine may be of another release.
 */
export async function bringTools(
  installation: Installation,
  address: string,
  tools: { readonly host: readonly string[]; readonly sources: readonly string[] },
): Promise<void> {
  const staging = await mkdtemp('/tmp/pht-tools-');
  try {
    for (const name of tools.sources)
      await runOk([
        'gcc',
        '-static',
        '-O1',
        '-Wall',
        '-Werror',
        '-o',
        `${staging}/${name}`,
        `${sources}${name}.c`,
      ]);
    for (const program of tools.host) {
      // One that is linked statically has none, and ldd fails.
      const { stdout } = await run(['ldd', program]);
      const libraries = [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
      await runOk(['cp', '--dereference', program, ...libraries, staging]);
    }
    // Not for root alone.
    await chmod(staging, 0o755);
    const ssh = [
      '-i',
      `${installation.state}/home/id`,
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
    ];
    const copy = ['scp', '-q', '-r', ...ssh, staging, `root@${address}:${folder}`];
    await runOk([...installation.inNetns, ...copy], { timeoutMs: 120_000 });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The words that run a tool which is a program of the host. */
export function hostTool(name: string): string {
  return `${folder}/ld-linux-x86-64.so.2 --library-path ${folder} ${folder}/${name}`;
}

/** The word that runs a tool which was built for the machine. */
export function builtTool(name: string): string {
  return `${folder}/${name}`;
}
