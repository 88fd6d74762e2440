// The shipped playspec `docker`: a machine whose Docker Engine really runs containers, on networks, and reaches them by ports.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type DockerMachine, importBox, startDockerMachine } from './support/docker-machine.ts';

// Each `docker` takes seconds on an emulated machine.
vi.setConfig({ testTimeout: 600_000 });

const resources = new AsyncDisposableStack();
let machine: DockerMachine;

beforeAll(async () => (machine = resources.use(await startDockerMachine())), 800_000);
afterAll(async () => await resources.disposeAsync());

const inside = async (...lines: string[]) => await machine.inside(...lines);

test('the engine starts when it is spoken to, and what the page of the playspec says works as laborant', async () => {
  const client = await machine.installation.client();
  const { playspec } = await client('playspec.get', { parameters: { name: 'docker' } });
  const steps = (playspec.markdown ?? '').split('\n').flatMap((line) => /^ {7}(.+)/.exec(line)?.[1] ?? []);
  expect(steps.length).toBeGreaterThan(4);
  expect(await inside('systemctl is-active docker.service || true')).toBe('inactive');
  expect(await inside(...steps)).toMatch(/\ninside a container$|^inside a container$/);
  expect(await inside('docker image ls --format "{{.Repository}}"', 'docker ps -aq')).toBe('hello');
});

test('an imported root runs containers that find each other by name on a network, and are reached from outside by a port', async () => {
  await importBox(machine);
  await inside(
    'docker network create lab > /dev/null',
    'docker run -d --name web --network lab -p 8081:8080 --memory 32m box httpd -f -p 8080 -h /www > /dev/null',
  );
  expect(await inside('docker run --rm --network lab box wget -q -O - http://web:8080/')).toBe('served');
  expect(await inside('curl -s --max-time 20 http://127.0.0.1:8081/')).toBe('served');
  // The machine's own kernel keeps its limit, and its network keeps others out.
  const web = `$(docker inspect -f '{{.NetworkSettings.Networks.lab.IPAddress}}' web)`;
  expect(
    await inside(
      'docker exec web cat /sys/fs/cgroup/memory.max',
      `docker run --rm box wget -q -O - -T 4 http://${web}:8080/ 2> /dev/null || echo refused`,
    ),
  ).toBe(`${32 * 1024 * 1024}\nrefused`);
  expect(await inside('docker rm -f web', 'docker network rm lab', 'docker ps -aq')).toBe('web\nlab');
});

test('of the playground with all its containers nothing is left', async () => {
  const [playground] = (await (await machine.installation.client())('playground.list')).playgrounds;
  await machine.installation.destroy(playground?.id ?? '');
  expect(await machine.installation.leftovers()).toEqual([]);
});
