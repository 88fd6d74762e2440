// A machine of the shipped playspec `docker`.
import { bringTools, builtTool } from './guest-tools.ts';
import { Installation } from './installation.ts';

export interface DockerMachine extends AsyncDisposable {
  readonly installation: Installation;
  /** What a script says that laborant runs; a failing one throws with what it said. */
  inside(...lines: string[]): Promise<string>;
}

export async function startDockerMachine(): Promise<DockerMachine> {
  const installation = await Installation.running({ sources: ['docker'], bootTimeoutSeconds: 600 });
  try {
    const { playground, operation } = await installation.start(null, 'docker');
    const { error } = await installation.ended(operation.id, 700_000);
    if (error) throw new Error(JSON.stringify(error));
    const { machines } = await installation.playground(playground.id);
    const address = machines[0]?.edgeAddress ?? '';
    await bringTools(installation, address, { host: ['/bin/busybox'], sources: [] });
    return {
      installation,
      inside: async (...lines) => {
        const script = ['set -eu', ...lines].join('\n');
        const { code, stdout, stderr } = await installation.ssh(address, 'laborant', script, 400_000);
        if (code !== 0) throw new Error(`${script}\nended with ${code}: ${stderr}${stdout}`);
        return stdout.trim();
      },
      [Symbol.asyncDispose]: async () => await installation[Symbol.asyncDispose](),
    };
  } catch (error) {
    await installation[Symbol.asyncDispose]();
    throw error;
  }
}

/** Makes the image `box` of one static BusyBox, which serves /www with `served` in it. */
export async function importBox({ inside }: DockerMachine): Promise<void> {
  const box = builtTool('busybox');
  await inside(
    `mkdir -p root/bin && cp ${box} root/bin/busybox`,
    'for name in sh httpd wget cat echo; do ln -sf busybox root/bin/$name; done',
    'mkdir -p root/www && echo served > root/www/index.html',
    'tar -C root -c . | docker import - box > /dev/null',
  );
}
