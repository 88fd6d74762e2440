// Logs of Compose playgrounds, with a real Docker Engine: live, merged, kept after containers and Docker are gone; and what
// `playground debug` tells, which has no secret in it.
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { LogLine } from '@playhouse/contract/service-log';
import type { PlaygroundDebug } from '@playhouse/contract/services-debug';
import type { Playground } from '@playhouse/contract/playground';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import type { ServicesGround } from './support/services-ground.ts';
import { until } from './support/until.ts';

const well = { status: 'succeeded', error: null };
let ground: ServicesGround;
let client: GroundClient;
let playground: Playground;

const given = 'given$ecret of an owner';
/** One service that goes on and on, and one that says everything that is hard to show. */
const talk = (repository: string) => `
x-playgrounds:
  variables:
    PASS: { random: true, secret: true }
    ASKED: { required: true, sensitive: true }
    LEVEL: { default: info }
services:
  odd:
    image: box:1
    command:
      - sh
      - -c
      - |
        printf 'colour \\033[31mred\\033[0m \\033]0;title\\007 bell\\n'
        printf 'bytes \\377\\376\\n' >&2
        long=0123456789abcdef; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do long="$$long$$long"; done; echo "$$long"
        echo "secrets: $$DB_PASSWORD / $$ASKED / $$TOKEN"
        echo last of odd
    environment: { DB_PASSWORD: $$var__PASS, ASKED: $$var__ASKED, TOKEN: tok-of-the-file, LEVEL: $$var__LEVEL }
    restart: 'no'
  ticker:
    build: .
    command: sh -c 'trap "echo ticker is told to end; exit 0" TERM; i=0; while true; do i=$$((i+1)); echo "tick $$i $$MODE"; sleep 0.2; done'
    environment: { MODE: one }
    stop_grace_period: 5s
    labels: { playgrounds.repo_url: ${repository}, playgrounds.port: 80, playgrounds.production: "true" }
`;

async function logs(
  ...words: string[]
): Promise<{ lines: LogLine[]; stdout: string; stderr: string; code: number }> {
  const said = await ground.installation.cli('playground', 'logs', playground.id, ...words);
  const json = words.includes('--json') && said.code === 0;
  const lines = json
    ? said.stdout.split('\n').flatMap((line) => (line ? (JSON.parse(line) as LogLine) : []))
    : [];
  return { ...said, lines };
}

async function debug(): Promise<{ document: PlaygroundDebug; text: string }> {
  const { stdout, code } = await ground.installation.cli('playground', 'debug', playground.id, '--json');
  expect(code).toBe(0);
  return { document: JSON.parse(stdout) as PlaygroundDebug, text: stdout };
}

const textsOf = (lines: readonly LogLine[], service: string) =>
  lines.filter((line) => line.service === service).map(({ text }) => text);
/** What one container says on its two outputs at about the same instant is in its own order. */
const isInOrder = (lines: readonly LogLine[]) =>
  lines.every(({ at, container }, index) => {
    const before = lines[index - 1];
    return before === undefined || before.at <= at || before.container === container;
  });

prepareGround(async (prepared) => {
  ({ ground, client } = prepared);
  const files = {
    Dockerfile: 'FROM box:1\nRUN echo built\n',
    '.env.example': 'SESSION_KEY=$$secret(32)\nA="unclosed\n',
  };
  const repository = await ground.repository('talk', files);
  await ground.define('talk', talk(repository));
  playground = await ground.start('talk', { variables: { ASKED: given } });
});

/** Every value that is secret, from where each container has it. */
async function secrets(): Promise<string[]> {
  const [odd, ticker, password] = await Promise.all([
    ground.docker('inspect', '--format', '{{json .Config.Env}}', `${playground.name}-odd-1`),
    ground.docker('inspect', '--format', '{{json .Config.Env}}', `${playground.name}-ticker-1`),
    ground.installation.cli('playground', 'password', playground.id, '--json'),
  ]);
  const values = Object.fromEntries(
    [odd, ticker].flatMap((text) =>
      (JSON.parse(text) as string[]).map((entry) => entry.split(/=(.*)/s).slice(0, 2)),
    ),
  ) as Record<string, string>;
  const { password: own } = JSON.parse(password.stdout) as { password: string };
  return [values['DB_PASSWORD'], values['ASKED'], values['TOKEN'], values['SESSION_KEY'], own].map(String);
}

test('services are merged in order of time, without what drives a terminal, what is secret, or lines without end', async () => {
  const { lines, code } = await logs('--json');
  expect(code).toBe(0);
  expect(isInOrder(lines)).toBe(true);
  expect(new Set(lines.map(({ service }) => service))).toEqual(new Set(['odd', 'ticker']));
  const [colour, long, masked, last] = textsOf(
    lines.filter(({ stream }) => stream === 'stdout'),
    'odd',
  );
  expect(colour).toBe('colour red ]0;title bell');
  expect(long).toBe('0123456789abcdef'.repeat(1024));
  expect(lines.find(({ cut }) => cut > 0)?.cut).toBe(16 * 4096 - 16_384);
  expect(masked).toBe('secrets: •••••••• / •••••••• / ••••••••');
  expect(last).toBe('last of odd');
  expect(lines.find(({ stream }) => stream === 'stderr')).toMatchObject({ service: 'odd', text: 'bytes ��' });
  const all = JSON.stringify(lines);
  for (const secret of await secrets()) expect(all).not.toContain(secret);

  const some = await logs('ticker', '--tail', '3', '--json');
  expect(some.lines).toHaveLength(3);
  expect(new Set(some.lines.map(({ service }) => service))).toEqual(new Set(['ticker']));
  expect((await logs('--since', '2099-01-01T00:00:00Z')).stdout).toBe('');
  const raw = await logs('odd', '--raw', '--tail', '20');
  expect(raw.stdout.slice(0, 100)).toContain('\u001B[31mred');
  expect(raw.stdout).not.toContain(given);
  expect((await logs('odd')).stdout).toMatch(/^odd \| colour red/m);
  const unknown = await logs('nobody');
  expect(unknown).toMatchObject({ code: 1 });
  expect(unknown.stderr).toContain('has no service `nobody`');
  expect((await logs('--since', 'soon')).code).toBe(2);
  const { source, lines: answered } = await client('playground.logs', {
    parameters: { playground: playground.id },
    query: { tail: '2' },
  });
  expect([source, answered.length]).toEqual(['live', 4]);
});

test('the life cycle is a log, too, without secrets', async () => {
  const { stdout, code } = await logs('--life-cycle');
  expect(stdout).toMatch(/: \.env\.example:2:\d+ is left out: .*quotes are not closed/);
  expect(code).toBe(0);
  for (const said of ['playground.start is asked for', 'Building images …', 'RUN echo built', 'succeeded'])
    expect(stdout).toContain(said);
  for (const secret of await secrets()) expect(stdout).not.toContain(secret);
});

test('a log that is followed outlasts the engine and the containers of a rollout, and ends when the playground stops', async () => {
  const words = ['playground', 'logs', playground.id, 'ticker', '--follow', '--tail', '1', '--json'];
  const following = ground.installation.cliService(...words);
  const followed = () => following.output.split('\n').filter((line) => line.includes(' one"'));
  await until('some lines to be followed', async () => followed().length > 5);
  await ground.installation.engine?.kill();
  await ground.installation.startEngine();
  const parameters = { playground: playground.id };
  const rollout = await client('playground.rollout', {
    parameters,
    body: {
      upgrade: false,
      variables: {},
      environment: {},
      services: { ticker: { environment: { MODE: 'two' } } },
    },
  });
  expect(await ground.installation.ended(rollout.operation.id)).toMatchObject(well);
  const stop = await client('playground.stop', { parameters });
  expect(await ground.installation.ended(stop.operation.id)).toMatchObject(well);
  expect(await following.exited, following.output).toBe(0);
  const lines = following.output.split('\n').flatMap((line) => (line ? (JSON.parse(line) as LogLine) : []));
  const texts = textsOf(lines, 'ticker');
  // Nothing is missing, and nothing is told twice.
  const numbers = (mode: string) =>
    texts.flatMap((text) => (text.endsWith(` ${mode}`) ? Number(text.split(' ')[1]) : []));
  const one = numbers('one');
  expect(one.length).toBeGreaterThan(5);
  expect(one).toEqual(one.map((_, index) => (one[0] ?? 0) + index));
  const two = numbers('two');
  expect(two).toEqual(two.map((_, index) => 1 + index));
  expect(texts.filter((text) => text === 'ticker is told to end')).toHaveLength(2);
}, 120_000);

test('what was said is there when its container was replaced, and when Docker does not run; destroyed, it is gone', async () => {
  const before = await logs('--json');
  const texts = textsOf(before.lines, 'ticker');
  // Of the container that the rollout removed, to its last word.
  for (const said of ['tick 1 one', 'tick 1 two']) expect(texts).toContain(said);
  expect(texts.filter((text) => text === 'ticker is told to end')).toHaveLength(2);
  expect(isInOrder(before.lines)).toBe(true);
  const { state } = ground.installation;
  const pid = Number(await readFile(`${state}/run/docker/dockerd.pid`, 'utf8'));
  const secret = await secrets();
  process.kill(pid);
  await until('Docker to be gone', async () => !(await readdir(`/proc/${pid}`).catch(() => null)));
  const cached = await logs('--json');
  expect(cached.lines).toEqual(before.lines);
  expect((await logs('odd', '--tail', '1')).stderr).toContain('Docker does not run');
  const { document, text } = await debug();
  expect(document.services?.docker.answers).toBe(false);
  expect(document.services?.compose).toContain('MODE: "two"');
  expect(document.services?.services.find(({ name }) => name === 'odd')?.lastLines.at(-1)).toContain(
    'last of odd',
  );
  for (const value of secret) expect(text).not.toContain(value);
  for (const name of await readdir(`${state}/services/${playground.id}/logs`)) {
    const kept = await readFile(`${state}/services/${playground.id}/logs/${name}`, 'utf8');
    for (const value of secret) expect(kept).not.toContain(value);
  }
}, 60_000);

test('a report has everything that is not secret: sources, variables, builds, containers, certificates, operations', async () => {
  const restart = await client('playground.restart', { parameters: { playground: playground.id } });
  expect(await ground.installation.ended(restart.operation.id)).toMatchObject(well);
  const { document, text } = await debug();
  const { services, operations, engine, troubles } = document;
  expect([troubles, services?.troubles, engine.connected]).toEqual([[], [], true]);
  expect(operations.map(({ kind }) => kind)).toEqual([
    'playground.restart',
    'playground.stop',
    'playground.rollout',
    'playground.start',
  ]);
  expect(services?.docker).toMatchObject({ answers: true, version: expect.stringMatching(/^\d+\./) });
  expect(services?.values).toEqual([
    { name: 'PASS', value: '••••••••', source: 'random', secret: true },
    { name: 'ASKED', value: '••••••••', source: 'given', secret: true },
    { name: 'LEVEL', value: 'info', source: 'default', secret: false },
  ]);
  const [odd, ticker] = ['odd', 'ticker'].map((name) =>
    services?.services.find((service) => service.name === name),
  );
  expect(odd?.containers).toMatchObject([{ status: 'exited', exitCode: 0, image: 'box:1' }]);
  expect(ticker?.source).toMatchObject({
    branch: 'main',
    dirty: false,
    commit: expect.stringMatching(/^[0-9a-f]{40}$/),
  });
  expect(ticker?.build).toMatchObject({ commit: ticker?.source?.commit, dockerfile: 'Dockerfile' });
  const sources = Object.fromEntries(ticker?.variables.map(({ name, source }) => [name, source]) ?? []);
  expect(sources).toMatchObject({ SESSION_KEY: 'example', MODE: 'service', PLAYGROUND_ID: 'system' });
  expect(services?.certificates).toMatchObject([
    {
      host: 'ticker-talk.localhost',
      error: null,
      issuer: expect.stringContaining('Playhouse'),
      notAfter: expect.any(String),
    },
  ]);
  expect(services?.networks).toMatchObject([{ name: `${playground.name}_default`, driver: 'bridge' }]);
  for (const secret of await secrets()) expect(text).not.toContain(secret);
  const shown = await ground.installation.cli('playground', 'debug', playground.id);
  for (const title of [
    'Containers',
    'Sources',
    'Builds',
    'Certificates',
    'Variables of services',
    'Compose file',
  ])
    expect(shown.stdout).toContain(`== ${title}\n`);
  for (const secret of await secrets()) expect(shown.stdout).not.toContain(secret);

  expect((await ground.installation.destroy(playground.id)).status).toBe('succeeded');
  expect(await ground.leftovers()).toEqual([]);
  expect((await logs()).stderr).toContain('destroyed');
  expect((await logs('--life-cycle')).stdout).toContain('playground.destroy: succeeded');
}, 120_000);
