// What is built is what the name of the image says, whatever containers that have the checkout do meanwhile: two people, one engine.
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createClient } from '@playhouse/api-client/create-client';
import type { Playground } from '@playhouse/contract/playground';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import type { ServicesGround } from './support/services-ground.ts';

let ground: ServicesGround;
let client: GroundClient;

prepareGround((prepared) => void ({ ground, client } = prepared));

const dockerfile = 'FROM box:1\nCOPY . /www/\nCMD ["httpd", "-f", "-p", "80", "-h", "/www"]\n';
const compose = (production: boolean) => `
services:
  web:
    build: { context: ./sub, dockerfile: ../Dockerfile }
    stop_grace_period: 1s
    labels:
      playgrounds.repo_url: ${ground.repositoryAddress('shared')}
      playgrounds.port: 80
      playgrounds.visibility: external
      playgrounds.production: "${production}"
`;

async function rollOut({ id }: Playground): Promise<void> {
  const { operation } = await client('playground.rollout', { parameters: { playground: id }, body: {} });
  expect(await ground.installation.ended(operation.id)).toMatchObject({ status: 'succeeded', error: null });
}

const container = ({ name }: Playground) => `${name}-web-1`;
const inside = async (playground: Playground, script: string) =>
  await ground.docker('exec', container(playground), 'sh', '-c', script);
const imageOf = async (playground: Playground) =>
  (await ground.docker('inspect', '--format', '{{.Config.Image}}', container(playground))).trim();
const page = async (playground: Playground, file = 'index.html') =>
  await inside(playground, `cat /www/${file}`);

