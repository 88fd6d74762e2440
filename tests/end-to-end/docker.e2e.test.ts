// The shipped playspec `docker`: a machine whose Docker Engine really runs containers, on networks, by Compose, and builds images.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bringTools, builtTool } from './support/guest-tools.ts';
import { Installation } from './support/installation.ts';

// Each `docker` takes seconds on an emulated machine.
vi.setConfig({ testTimeout: 600_000 });

const resources = new AsyncDisposableStack();
let installation: Installation;
let address: string;

beforeAll(async () => {
  installation = resources.use(await Installation.running({ sources: ['docker'], bootTimeoutSeconds: 600 }));
  const { playground, operation } = await installation.start(null, 'docker');
  const { error } = await installation.ended(operation.id, 700_000);
  if (error) throw new Error(JSON.stringify(error));
  const { machines } = await installation.playground(playground.id);
  address = machines[0]?.edgeAddress ?? '';
  await bringTools(installation, address, { host: ['/bin/busybox'], sources: [] });
}, 800_000);

afterAll(async () => await resources.disposeAsync());

/** What a script says that laborant runs; a failing one throws with what it said. */
async function inside(...lines: string[]): Promise<string> {
  const script = ['set -eu', ...lines].join('\n');
  const { code, stdout, stderr } = await installation.ssh(address, 'laborant', script, 400_000);
  if (code !== 0) throw new Error(`${script}\nended with ${code}: ${stderr}${stdout}`);
  return stdout.trim();
}

test('the engine starts when it is spoken to, and what the page of the playspec says works as laborant', async () => {
  const client = await installation.client();
  const { playspec } = await client('playspec.get', { parameters: { name: 'docker' } });
  const steps = (playspec.markdown ?? '').split('\n').flatMap((line) => /^ {7}(.+)/.exec(line)?.[1] ?? []);
  expect(steps.length).toBeGreaterThan(4);
  expect(await inside('systemctl is-active docker.service || true')).toBe('inactive');
  expect(await inside(...steps)).toMatch(/\ninside a container$|^inside a container$/);
  expect(await inside('docker image ls --format "{{.Repository}}"', 'docker ps -aq')).toBe('hello');
});

test('an imported root runs containers that find each other by name on a network, and are reached from outside by a port', async () => {
  const box = builtTool('busybox');
  await inside(
    `mkdir -p root/bin && cp ${box} root/bin/busybox`,
    'for name in sh httpd wget cat echo; do ln -sf busybox root/bin/$name; done',
    'mkdir -p root/www && echo served > root/www/index.html',
    'tar -C root -c . | docker import - box > /dev/null',
  );
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

const composeFile = `
services:
  web:
    image: box
    command: httpd -f -p 8080 -h /www
    volumes: [pages:/www]
    healthcheck: { test: [CMD, wget, -q, -O, /dev/null, 'http://127.0.0.1:8080/'], interval: 2s, timeout: 60s, retries: 30 }
  reader:
    image: box
    command: sh -c "wget -q -O - http://web:8080/ && exec busybox sleep 1000"
    depends_on: { web: { condition: service_healthy } }
volumes:
  pages:
`;

test('a Compose file with two services comes up, one waiting for the health of the other, and goes', async () => {
  await inside('mkdir -p stack', `cat > stack/compose.yaml <<'END'\n${composeFile}END`);
  const compose = 'docker compose --progress quiet --project-directory stack';
  await inside(`${compose} up --wait --wait-timeout 300`);
  expect(await inside(`${compose} ps --format '{{.Service}} {{.State}} {{.Health}}' | sort`)).toBe(
    'reader running \nweb running healthy',
  );
  expect(await inside('docker logs stack-reader-1')).toBe('served');
  await inside(`${compose} down --volumes --timeout 1`);
  expect(await inside('docker ps -aq; docker volume ls -q; docker network ls -qf name=stack')).toBe('');
});

test('Buildx builds an image in stages, running each step in a container', async () => {
  const dockerfile = [
    'FROM box AS made',
    'RUN echo "built by $(cat /proc/1/comm)" > /note',
    'FROM scratch',
    'COPY --from=box /bin /bin',
    'COPY --from=made /note /note',
    'CMD ["cat", "/note"]',
  ];
  await inside('mkdir -p image', `cat > image/Dockerfile <<'END'\n${dockerfile.join('\n')}\nEND`);
  await inside('docker buildx build --quiet --tag built image');
  expect(await inside('docker run --rm built')).toBe('built by sh');
});

test('of the playground with all its containers nothing is left', async () => {
  const [playground] = (await (await installation.client())('playground.list')).playgrounds;
  await installation.destroy(playground?.id ?? '');
  expect(await installation.leftovers()).toEqual([]);
});
