import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { run } from '../system/run.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';

/** Runtimes with one container that runs, `web`, and one that has ended with 3, `old`. */
const runtime = `#!/bin/sh
case "$*" in
  'container inspect --format {{.Name}} web') echo /web ;;
  'container inspect --format {{.State.Pid}} web') echo 4711 ;;
  'container inspect --format {{.State.Running}} web') echo true ;;
  'container inspect --format {{.State.Running}} old') echo false ;;
  'container inspect --format {{.State.ExitCode}} old') echo 3 ;;
  'container inspect --format {{.Config.Image}} web') echo nginx:1 ;;
  'container inspect --format {{.Image}} web') echo sha256:aa ;;
  'container inspect --format {{range .NetworkSettings.Networks}}{{println .IPAddress}}{{end}} web')
    printf '\\n172.17.0.2\\n172.18.0.2\\n' ;;
  'image inspect --format {{.Id}} nginx:1') echo sha256:bb ;;
  'image inspect --format {{.Size}} nginx:1') echo 1024 ;;
  'ps -aq') printf '1\\n2\\n' ;;
  'ps -q') echo 1 ;;
  *) echo "no such thing: $*" >&2; exit 1 ;;
esac
`;
const ctr = `#!/bin/sh
case "$*" in
  'tasks ps web') printf 'PID     INFO\\n4711    -\\n4712    -\\n' ;;
  'tasks list') printf 'TASK    PID     STATUS\\nweb     4711    RUNNING\\nold     0       STOPPED\\n' ;;
  'containers list -q') printf 'old\\nweb\\n' ;;
  *) exit 1 ;;
esac
`;
const programs = {
  docker: runtime,
  podman: runtime,
  nerdctl: runtime,
  ctr,
  lsns: '#!/bin/sh\n[ "$*" = "-p 4711 -t net --nowrap --noheadings" ] && echo "4026532201 net 2 4711 root"\n',
  // Whoever is not root is asked for it once, and says so.
  sudo: '#!/bin/sh\nshift\nexec "$@"\n',
};

const checks = '/opt/iximiuz-labs/examiner/checks.d';

/** A host that has these programs, and its folder. */
async function host() {
  const folder = await temporaryDirectory();
  for (const [name, text] of Object.entries(programs))
    await writeFile(`${folder}/${name}`, text, { mode: 0o755 });
  const functions = await readFile(new URL('task-functions.sh', import.meta.url), 'utf8');
  expect(functions).toContain(checks);
  const begin = `PATH=${folder}:$PATH\n${functions.replace(checks, `${folder}/checks.d`)}`;
  /** What a script prints, which must be the same in bash and in sh; a failing command says so. */
  const printed = async (script: string): Promise<string> => {
    const input = `${begin}\n${script} || echo failed: $?\n`;
    const [bash, sh] = await Promise.all(['bash', 'sh'].map((shell) => run([shell, '-s'], { input })));
    expect(bash?.stdout).toBe(sh?.stdout);
    return (bash?.stdout ?? '').trim();
  };
  return { folder, printed };
}

test.each(['docker', 'podman', 'nerdctl'])(
  '%s: one container is described, and all are counted',
  async (name) => {
    const { printed } = await host();
    expect(await printed(`${name}_container_name web`)).toBe('/web');
    expect(await printed(`${name}_container_pid web`)).toBe('4711');
    expect(await printed(`${name}_container_ip web`)).toBe('172.17.0.2');
    expect(await printed(`${name}_container_exit_code old`)).toBe('3');
    expect(await printed(`${name}_container_count_total`)).toBe('2');
    expect(await printed(`${name}_container_count_running`)).toBe('1');
  },
);

test.each(['docker', 'podman', 'nerdctl', 'ctr'])(
  '%s: a container that runs is told from one that has ended, and from none, without a word',
  async (name) => {
    const { printed } = await host();
    const runs = (container: string) => `${name}_container_is_running ${container} 2>&1 && echo yes`;
    expect(await printed(runs('web'))).toBe('yes');
    expect(await printed(runs('old'))).toBe('failed: 1');
    expect(await printed(runs('we'))).toBe('failed: 1');
  },
);

test('Docker’s images are described, and the image of a container', async () => {
  const { printed } = await host();
  expect(await printed('docker_container_image web')).toBe('nginx:1');
  expect(await printed('docker_container_image_id web')).toBe('sha256:aa');
  expect(await printed('docker_image_id nginx:1')).toBe('sha256:bb');
  expect(await printed('docker_image_size_bytes nginx:1')).toBe('1024');
});

test('containerd’s tasks are counted, and one’s process and network namespace are found', async () => {
  const { printed } = await host();
  expect(await printed('ctr_container_pid web')).toBe('4711');
  expect(await printed('ctr_container_netns web')).toBe('4026532201');
  expect(await printed('ctr_container_count_total')).toBe('2');
  expect(await printed('ctr_container_count_running')).toBe('1');
});

test('functions that the image brings are there too', async () => {
  const { folder, printed } = await host();
  expect(await printed('own_check')).toBe('failed: 127');
  await mkdir(`${folder}/checks.d/folder`, { recursive: true });
  await writeFile(`${folder}/checks.d/own.sh`, 'own_check() { echo checked; }\n');
  expect(await printed('own_check')).toBe('checked');
});

test('reading them prints nothing, and leaves nothing behind but functions', async () => {
  const { printed } = await host();
  expect(await printed('true')).toBe('');
  expect(await printed('set | grep -c "^_playhouse_check="')).toMatch(/^0\b/);
});
