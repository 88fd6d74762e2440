// Whatever holds a secret of a playground, and wherever a Compose file has it: people do not get to see it.
import { writeFile } from 'node:fs/promises';
import { writeCompose } from '@playhouse/contract/compose/render/write-compose';
import { maskedValue } from '@playhouse/contract/compose/environment/mask-value';
import { SecretBox } from '@playhouse/contract/secret-box';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { maskOf } from '../secrets/playground-secrets.ts';
import { SecretMask } from '../secrets/secret-mask.ts';
import { shownVariables } from '../secrets/shown-values.ts';
import { ServicesRecords } from '../services-record.ts';
import { type Secrets, sealSecrets } from '../services-secrets.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { maskCompose } from './masked-compose.ts';

const box = new SecretBox(new Uint8Array(32));
const nothing: Secrets = {
  ...{ password: '', given: {}, templates: {}, variables: {} },
  environment: { global: {}, services: {} },
};

/** Where a playground holds a secret. */
const holders: Readonly<Record<string, (secret: string) => Secrets>> = {
  password: (password) => ({ ...nothing, password }),
  template: (secret) => ({ ...nothing, templates: { X: secret } }),
  generated: (secret) => ({ ...nothing, variables: { X: `http://u:${secret}@h` } }),
  named: (secret) => ({ ...nothing, environment: { global: { DB_AUTH: secret }, services: {} } }),
  address: (secret) => ({
    ...nothing,
    environment: {
      global: {},
      services: { web: { URL: `postgres://u:${encodeURIComponent(secret)}@db/x` } },
    },
  }),
  argument: (secret) => ({ ...nothing, builds: { web: { NPM_TOKEN: secret } } }),
};

/** What a final file may have it in. */
const places = (secret: string) => ({
  image: 'x',
  command: ['sh', '-c', `login ${secret}`, `--x=${encodeURIComponent(secret)}`],
  environment: {
    PLAIN: secret,
    URL: `amqp://u:${encodeURIComponent(secret)}@q`,
    JSON: JSON.stringify({ secret }),
  },
  healthcheck: { test: ['CMD-SHELL', `curl -u u:${secret} http://x`] },
  labels: { about: secret, [secret]: 'key', basic: Buffer.from(`user:${secret}`).toString('base64') },
});

/** Of printable characters, without those that an address or a line would end at. */
const characters = Array.from('aZ09+/=%$&*!()-_.~^|{}[]:;,?#é €\\"');
const secrets = fc
  .string({ minLength: 6, maxLength: 40, unit: fc.constantFrom(...characters) })
  .filter((text) => text.trim() === text && !maskedValue.includes(text));

async function maskFor(held: Secrets, final: string) {
  const records = new ServicesRecords(await temporaryDirectory());
  await records.load();
  const { order } = sampleRecord();
  const services = held.builds === undefined ? {} : { web: { build: { target: 'x' } } };
  const record = sampleRecord({
    order: { ...order, services },
    secrets: sealSecrets({ box }, order.id, held),
  });
  await records.save(record);
  await writeFile(records.files(order.id).compose, final);
  return maskOf({ box, records }, order.id);
}

test.each(Object.entries(holders))('no secret that a playground holds is shown: %s', async (_, hold) => {
  await fc.assert(
    fc.asyncProperty(secrets, async (secret) => {
      const final = writeCompose({ services: { web: places(secret) } });
      const mask = await maskFor(hold(secret), final);
      const shown = maskCompose(final, mask);
      const login = Buffer.from(secret).toString('base64').slice(0, -4);
      for (const spelling of [secret, encodeURIComponent(secret), ...(secret.length < 10 ? [] : [login])])
        expect(shown).not.toContain(spelling);
      const value = `${secret} http://u:${encodeURIComponent(secret).toLowerCase()}@h`;
      const variable = { name: 'X', value, source: 'compose', generated: false, secret: false } as const;
      expect(JSON.stringify(shownVariables([variable], mask))).not.toContain(
        JSON.stringify(secret).slice(1, -1),
      );
    }),
    { numRuns: 60 },
  );
});

test('what stands where secrets do in a final file is hidden there, and taken out of logs and errors, too', async () => {
  const final = writeCompose({
    services: {
      web: {
        image: 'x',
        command: ['redis-server', '--requirepass', 'redis-secret'],
        environment: {
          CREDENTIALS: 'credentials-secret',
          DATABASE_URL: 'postgres://u:url%2Fsecret@host/db',
          POSTGRES_HOST_AUTH_METHOD: 'trust',
          SMTP_AUTH: 'true',
        },
        healthcheck: { test: ['CMD-SHELL', 'curl -H "Authorization: Bearer header-secret" http://x/'] },
        labels: { 'monitor.passphrase': 'label-secret', monitor: 'true' },
      },
    },
    secrets: { key: { content: 'content-secret' } },
  });
  const mask = await maskFor(nothing, final);
  const shown = maskCompose(final, mask);
  expect(shown).not.toMatch(/secret(?!s)/);
  expect(shown).toContain(`postgres://u:${maskedValue}@host/db`);
  expect(shown).toContain('POSTGRES_HOST_AUTH_METHOD: "trust"');
  expect(shown).toContain('monitor: "true"');
  const log = 'redis-secret credentials-secret url/secret header-secret label-secret content-secret true';
  expect(mask.text(log)).toBe(`${`${maskedValue} `.repeat(6)}true`);
});

test('the password of an address is taken out of a text though nobody knows it', () => {
  expect(new SecretMask([]).text('no route to postgres://u:unknown@db/x')).toBe(
    `no route to postgres://u:${maskedValue}@db/x`,
  );
});
