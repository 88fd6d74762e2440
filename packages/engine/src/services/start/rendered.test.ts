import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readFinal } from '@playhouse/contract/compose/render/read-final';
import { beforeEach, expect, test } from 'vitest';
import { quietVoice } from '../../operations/step.ts';
import { openSecretBox } from '../../system/open-secret-box.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { contextApart } from '../context-apart.ts';
import type { ServicesTools } from '../services-context.ts';
import { ServicesRecords } from '../services-record.ts';
import { sealSecrets } from '../services-secrets.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { withMountedFiles } from './mounted-files.ts';
import { renderedOf, withoutContents } from './rendered.ts';

const { signal } = new AbortController();
const voice = quietVoice(() => {}, signal);
const { order } = sampleRecord();

let folder: string;
let records: ServicesRecords;

beforeEach(async () => {
  folder = await temporaryDirectory();
  records = new ServicesRecords(`${folder}/services`);
  await records.load();
});

/** A playground of that file; Docker Compose is one that fills in `${UP:-…}` and `BESIDE`. */
async function contextOf(text: string) {
  const box = await openSecretBox(`${folder}/key`);
  const config = async (file: string) => {
    const rendered = JSON.stringify(readFinal(await readFile(file, 'utf8')));
    const playground = dirname(dirname(file));
    const stdout = rendered
      .replaceAll('${UP:-..}', playground)
      .replaceAll('${HERE:-.}', dirname(file))
      .replaceAll('${TWICE:-.}', dirname(file).replaceAll('/', '//'));
    return { exitCode: 0, stdout, stderr: '' };
  };
  const tools = { records, box, installation: 'i', docker: async () => ({ config }) };
  const secrets = sealSecrets({ box }, order.id, {
    ...{ password: 'p', given: {}, templates: {}, variables: {} },
    environment: { global: {}, services: {} },
  });
  await records.save(sampleRecord({ secrets, order: { ...order, compose: { text, file: 'x.yaml' } } }));
  return contextApart(tools as unknown as ServicesTools, records, order.id);
}

const webOf = (lines: string) => `services: { web: { image: x } }\n${lines}\n`;
const mounting = (entry: string) => `services: { web: { image: x, volumes: [${entry}] } }\n`;

test.each([
  mounting('"${UP:-..}:/pg"'),
  mounting('{ type: bind, source: "${UP:-..}", target: /pg }'),
  mounting('{ type: bind, source: "${UP:-..}/histories/app.git", target: /pg }'),
  mounting('"${UP:-..}/compose.yaml:/pg"'),
  webOf('secrets: { a: { file: "${UP:-..}/services.json" } }'),
  webOf('configs: { a: { file: "${UP:-..}/histories/app.git/config" } }'),
])('the folder of the playground is the engine’s own: %s', async (text) => {
  await expect(renderedOf(await contextOf(text), voice)).rejects.toMatchObject({
    code: 'compose-refused',
    message: expect.stringContaining('outside of') as string,
  });
});

test('a folder beside the file gets a place of its own, however its path is written', async () => {
  for (const here of ['${HERE:-.}', '${TWICE:-.}']) {
    const context = await contextOf(mounting(`{ type: bind, source: "${here}/a", target: /a }`));
    const { services } = await withMountedFiles(context, voice);
    const { shared } = records.files(order.id);
    expect(services).toMatchObject({ web: { volumes: [{ source: `${shared}/at-a` }] } });
  }
});

test('what is wrong with an environment file is told without what it holds', () => {
  const said = 'failed to read /x/.env: line 3: unexpected character "$" in variable name "KEY$=hush\nhush"';
  expect(withoutContents(said)).toBe(
    'failed to read /x/.env: line 3: unexpected character "$" in variable name …',
  );
  expect(withoutContents('line 1: unterminated quoted value "hush')).toBe(
    'line 1: unterminated quoted value …',
  );
  expect(withoutContents('service "web" has no image')).toBe('service "web" has no image');
});
