// What a Compose file could have Docker Compose read or mount, with a real Docker Engine and Git.
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import type { ServicesGround } from './support/services-ground.ts';

let ground: ServicesGround;
let client: GroundClient;

prepareGround((prepared) => void ({ ground, client } = prepared));

test('neither the folder of a playground nor a file of the host is reached by what Docker Compose fills in or reads', async () => {
  const { installation } = ground;
  const secret = `${installation.state}/home/hosts-own.env`;
  await writeFile(secret, 'HOSTS_OWN=1\n', { mode: 0o600 });
  const base = (line: string) => `services:\n  s:\n    image: box:1\n    ${line}\n`;
  const repository = await ground.repository('bases', {
    'base.yaml': base('env_file: app.env\n    command: sleep 100000'),
    'bad.yaml': base(`env_file: ${secret}`),
    'app.env': 'OWN=yes\n',
  });
  const other = await ground.repository('others', { 'app.env': 'OWN=other\n' });
  const git = (address: string) => `labels: { playgrounds.repo_url: "${address}" }, stop_grace_period: 1s`;
  const fileOf = (web: string) => `services:\n  web: { ${web}, ${git(repository)} }\n`;
  const refused: readonly (readonly [string, string])[] = [
    [fileOf('image: "box:1", volumes: ["${UP:-..}:/pg"]'), 'outside of'],
    [
      `${fileOf('image: "box:1", secrets: [a]')}secrets: { a: { file: "\${UP:-..}/services.json" } }\n`,
      'outside of',
    ],
    [fileOf('extends: { file: bad.yaml, service: s }'), 'bad.yaml:4:5'],
  ];
  for (const [index, [text, said]] of refused.entries()) {
    await ground.define(`hostile-${index}`, text);
    const body = { playspec: `hostile-${index}`, authorizedKeys: [] };
    const begun = await client('playground.start', { body });
    const { status, error } = await installation.ended(begun.operation.id);
    expect({ status, code: error?.code }).toEqual({ status: 'failed', code: 'compose-refused' });
    expect(error?.message).toContain(said);
    await installation.destroy(begun.playground.id);
  }
  const second = `  two: { image: "box:1", command: sleep 100000, env_file: app.env, ${git(other)} }\n`;
  await ground.define('bases', fileOf('extends: { file: base.yaml, service: s }') + second);
  const { id, name } = await ground.start('bases');
  const environment = async (service: string) =>
    await ground.docker('inspect', '--format', '{{json .Config.Env}}', `${name}-${service}-1`);
  expect(await environment('web')).toContain('OWN=yes');
  expect(await environment('two')).toContain('OWN=other');
  expect((await installation.destroy(id)).status).toBe('succeeded');
}, 180_000);
