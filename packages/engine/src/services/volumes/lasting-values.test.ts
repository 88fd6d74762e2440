import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openSecretBox } from '../../system/open-secret-box.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { LastingValues } from './lasting-values.ts';

const secrets = {
  ...{ password: 'p', given: { OWNER: 'ann' }, environment: { global: {}, services: {} } },
  ...{ templates: { DB_PASS: 'template-value' }, variables: { TOKEN: 'variable-value' } },
};

test('what was generated is there for the next playground, sealed, until the volumes are removed', async () => {
  const folder = await temporaryDirectory();
  const lasting = new LastingValues(`${folder}/lasting`, await openSecretBox(`${folder}/key`));
  expect(await lasting.find('ab12')).toEqual({ templates: {}, variables: {} });
  await lasting.keep('ab12', secrets);
  const { templates, variables } = secrets;
  expect(await lasting.find('ab12')).toEqual({ templates, variables });
  expect(await readFile(`${folder}/lasting/ab12.json`, 'utf8')).not.toContain('value');
  expect(await lasting.find('cd34')).toEqual({ templates: {}, variables: {} });
  await lasting.remove('ab12');
  expect(await lasting.find('ab12')).toEqual({ templates: {}, variables: {} });
});
