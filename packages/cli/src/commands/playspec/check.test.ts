// Needs no server: the visible text is the specification.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../testing/run-cli.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'playhouse-cli-'));
});
afterEach(() => rmSync(home, { recursive: true }));

async function check(text: string, ...more: string[]) {
  const file = join(home, 'compose.yaml');
  writeFileSync(file, text);
  const { stdout, ...result } = await runCli(['playspec', 'check', file, ...more], 'http://127.0.0.1:9', {
    home,
  });
  return { ...result, stdout: stdout.replaceAll(file, 'compose.yaml') };
}

test('a sound Compose file, with what is let through and what has no effect', async () => {
  const { status, stdout, stderr } = await check(`services:
  web:
    image: nginx:1.27
    container_name: web
    labels: { playgrounds.subdomain: shop }
`);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatchInlineSnapshot(`
    "note: compose.yaml:4:5 services.web.container_name: Service \`web\` asks for \`container_name: web\`, which could exist only once on the playroom. Remove it: it is left out, and the service is reached by its own name. Rule of the host policy: \`container-name\`.
    note: compose.yaml:5:38 services.web.labels.playgrounds.subdomain: The label \`playgrounds.subdomain\` of service \`web\` has no effect without \`playgrounds.port\`. Add \`playgrounds.port\`, the port of the container that requests go to, or remove the label.
    compose.yaml is a sound Compose file.
    "
  `);
});

test('a Compose file that would be refused, with all its faults', async () => {
  const { status, stdout } = await check(`services:
  web:
    image: nginx:1.27
    privileged: true
    labels:
      playgrounds.port: http
      playgrounds.zero_downtime: true
`);
  expect(status).toBe(1);
  expect(stdout).toMatchInlineSnapshot(`
    "error: compose.yaml:4:5 services.web.privileged: Service \`web\` asks for \`privileged: true\`, which makes the container root on the host. Remove it; add the one capability that is needed under \`cap_add\`, if any. Rule of the host policy: \`privileged\`.
    error: compose.yaml:6:25 services.web.labels.playgrounds.port: \`http\` is no value of the label \`playgrounds.port\`. Write a port of the container from 1 to 65535.
    error: compose.yaml:7:7 services.web.labels.playgrounds.zero_downtime: Service \`web\` has a label \`playgrounds.zero_downtime\`, which means nothing. Did you mean \`playgrounds.zerodowntime\`? Here are the labels: repo_url, source_mount, dockerfile, branch, start_command, env_file, port, visibility, subdomain, path_rule, production, zerodowntime, healthcheck_path, healthcheck_interval, healthcheck_timeout, healthcheck_retries, healthcheck_start_period, build_target, build_args, build_ahead, job_watch.
    compose.yaml is a Compose file that would be refused; problems found: 3.
    "
  `);
});

test('a manifest of machines, whole or a part', async () => {
  const { status, stdout } = await check('kind: playground\nplayground: { tabs: [{ kind: ide }] }\n');
  expect([status, stdout.split('\n').at(-2)]).toEqual([0, 'compose.yaml is a sound manifest.']);
  const wrong = await check('kind: playground\nplayground: { registryAuth: "a:b", machines: 5 }\n');
  expect(wrong.status).toBe(1);
  expect(wrong.stdout).toContain('error: compose.yaml:2:');
});

test('for programs', async () => {
  const { status, stdout } = await check('services: {}\n', '--json');
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    file: 'compose.yaml',
    kind: 'compose',
    problems: [{ code: 'compose-no-services', line: 1, column: 11 }],
    notes: [],
  });
});

test('a Compose file of a repository is checked as if it were taken from there', async () => {
  const text = 'services: { web: { build: ., volumes: [./x.conf:/x] } }\n';
  const alone = await check(text);
  expect([alone.status, alone.stdout]).toEqual([1, expect.stringContaining('--repository URL')]);
  const taken = await check(text, '--repository', 'https://git.example.org/ann/shop');
  expect([taken.status, taken.stdout]).toEqual([0, 'compose.yaml is a sound Compose file.\n']);
  const above = await check(text.replace('./x', '../x'), '--repository', 'https://git.example.org/ann/shop');
  expect([above.status, above.stdout]).toEqual([1, expect.stringContaining('outside-path')]);
  const nowhere = await check(text, '--repository', 'https://ann:hush@git.example.org/shop');
  expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringContaining('no address of a Git repo')]);
});

test('defaults are judged where they are used, unless a value is yet to be given', async () => {
  const text = (variables: string) =>
    `services: { web: { image: nginx, labels: { playgrounds.port: $$var__PORT } } }
x-playgrounds: { variables: { ${variables} } }
`;
  const wrong = await check(text('PORT: { default: abc }'));
  expect(wrong.status).toBe(1);
  expect(wrong.stdout).toContain('`abc` is no value of the label `playgrounds.port`');
  expect((await check(text('PORT: { default: 80 }'))).stdout).toContain('is a sound Compose file');
  expect((await check(text('PORT: { required: true }'))).stdout).toContain('is a sound Compose file');
});
