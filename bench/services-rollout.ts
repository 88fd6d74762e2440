// Rollouts of a service that is never to be away, under a constant load through the ingress: no request may fail, neither while
// versions take turns, nor when the next one is sick.
import { ServicesGround } from '../tests/end-to-end/support/services-ground.ts';
import { sickDockerfile, siteCompose, wellDockerfile } from '../tests/end-to-end/support/site.ts';
import { type LoadReport, underLoad } from '../tests/end-to-end/support/under-load.ts';
import type { Row } from './row.ts';

const rollouts = 5;
/** The promise is about 200. */
const perSecond = 210;
const url = 'https://web-site.localhost/';
interface Sample extends LoadReport {
  readonly status: string;
}

export async function benchServicesRollout(): Promise<readonly Row[]> {
  await using ground = await ServicesGround.prepare();
  const { installation } = ground;
  const repository = await ground.repository('site', { Dockerfile: wellDockerfile, 'index.html': '0\n' });
  await ground.define('site', siteCompose(repository));
  const { id: playground } = await ground.start('site');
  const client = await installation.client();
  const rollOut = async (): Promise<Sample> => {
    let status = '';
    const report = await underLoad(installation, url, perSecond, async () => {
      const body = { upgrade: false, variables: {}, environment: {}, services: {} };
      const { operation } = await client('playground.rollout', { parameters: { playground }, body });
      ({ status } = await installation.ended(operation.id));
    });
    return { ...report, status };
  };
  const samples: Sample[] = [];
  for (let version = 1; version <= rollouts; version++) {
    await ground.commit('site', { 'index.html': `${version}\n` });
    samples.push(await rollOut());
  }
  await ground.commit('site', { Dockerfile: sickDockerfile });
  const last = await rollOut();
  if (samples.some(({ status }) => status !== 'succeeded') || last.status !== 'failed')
    throw new Error(`the rollouts ended otherwise: ${JSON.stringify([...samples, last])}`);
  return [
    requestsRow(`${rollouts} rollouts`, samples),
    requestsRow('a rollout to a version that does not get well', [last]),
  ];
}

function requestsRow(name: string, samples: readonly Sample[]): Row {
  const sum = (of: (sample: Sample) => number) => samples.reduce((total, sample) => total + of(sample), 0);
  const rate = sum(({ sent }) => sent) / sum(({ seconds }) => seconds);
  return {
    name: `${name}: requests that failed, or had to be sent again`,
    figure: rate < 200 ? Number.POSITIVE_INFINITY : sum(({ failed, resent }) => failed + resent),
    ...{ unit: 'requests', bar: 0, samples },
    notes: [`${sum(({ sent }) => sent)} requests, ${rate.toFixed(0)} a second`],
  };
}
