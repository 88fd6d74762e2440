// The shipped playspec `docker`: Compose brings services up by their health, Buildx builds images in stages.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DockerMachine, importBox, startDockerMachine } from '../end-to-end/support/docker-machine.ts';

const resources = new AsyncDisposableStack();
let machine: DockerMachine;

beforeAll(async () => {
  machine = resources.use(await startDockerMachine());
  await importBox(machine);
}, 800_000);
afterAll(async () => await resources.disposeAsync());

const inside = async (...lines: string[]) => await machine.inside(...lines);

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
