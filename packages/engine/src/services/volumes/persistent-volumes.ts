// Volumes that belong to a playspec: they are there before its playground is, and stay when that is destroyed.
import type { PersistentVolume } from '@playhouse/contract/compose/render/render-volumes';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import type { Command } from '@playhouse/contract/link/command';
import type { Answer } from '@playhouse/contract/link/question';
import type { OperationPlan } from '../../operations/operation-queue.ts';
import { quietVoice, type StepVoice } from '../../operations/step.ts';
import { folderBytes } from '../../system/folder-bytes.ts';
import type { Docker } from '../docker/docker.ts';
import { findVolumes, volumeKeyLabel } from '../docker/volumes.ts';
import { recordOf, type ServicesContext, type ServicesTools } from '../services-context.ts';
import { newestKept } from './newest-kept.ts';
import { playspecLabel } from './volumes-of.ts';
import { withoutKept } from './without-kept.ts';

const label = 'Removing volumes';
/** Whoever asks what they take does not wait longer for it. */
const measureTimeoutMs = 4000;

/**
 * Makes those that are not there. What was last kept of one is to be filled in: that it is to be is known before it is there, and
 * empty.
 */
export async function makePersistentVolumes(
  context: ServicesContext,
  docker: Docker,
  volumes: readonly PersistentVolume[],
  voice: Pick<StepVoice, 'log'>,
): Promise<void> {
  const { tools, id } = context;
  const { order, filling } = recordOf(context);
  if (order.persistentId === null || volumes.length === 0) return;
  const owner = playspecLabel(order.persistentId);
  const there = new Set((await findVolumes(docker.api, owner)).map(({ name }) => name));
  const missing = volumes.filter(({ name }) => !there.has(name));
  const kept = newestKept(recordOf(context), tools.snapshots);
  for (const { key } of missing) if (!kept.has(key)) withoutKept(context, key, voice);
  const wanted = missing.map(({ key }) => key).filter((key) => kept.has(key) && !filling.includes(key));
  if (wanted.length > 0) await tools.records.change(id, { filling: [...filling, ...wanted] });
  for (const { name, key, driver, options } of missing) {
    const labels = [`playhouse.installation=${tools.installation}`, owner, `${volumeKeyLabel}=${key}`];
    await docker.run([
      ...['volume', 'create', '--driver', driver],
      ...Object.entries(options).flatMap(([option, value]) => ['--opt', `${option}=${value}`]),
      ...labels.flatMap((each) => ['--label', each]),
      ...['--', name],
    ]);
  }
}

/** Those of a playspec, with what they take. @throws PlayhouseError docker-unavailable */
export async function answerVolumes(
  tools: Pick<ServicesTools, 'docker'>,
  persistentId: string,
): Promise<Extract<Answer, { kind: 'volume.list' }>> {
  const docker = await tools.docker(quietVoice(() => {}, AbortSignal.timeout(measureTimeoutMs)));
  const found = await findVolumes(docker.api, playspecLabel(persistentId));
  const volumes = found.map(async ({ name, key, mountpoint }) => ({
    name,
    key,
    bytes: await folderBytes(mountpoint, measureTimeoutMs),
  }));
  return { kind: 'volume.list', volumes: await Promise.all(volumes) };
}

/** Removes all volumes of a playspec, unless a playground has them. */
export function planRemoveVolumes(
  { persistentId }: Extract<Command, { kind: 'volume.remove' }>,
  tools: Pick<ServicesTools, 'records' | 'docker' | 'lasting'>,
): OperationPlan {
  return {
    subject: `volumes ${persistentId}`,
    labels: [label],
    rank: 'work',
    run: async (reporter, signal) => {
      const voice = reporter.begin(label, signal);
      const user = tools.records.all().find(({ order }) => order.persistentId === persistentId);
      if (user !== undefined) {
        const playground = projectName(user.order);
        throw new PlayhouseError('volumes-in-use', { playspec: persistentId, playground });
      }
      const docker = await tools.docker(voice);
      for (const { name } of await findVolumes(docker.api, playspecLabel(persistentId))) {
        voice.log(name);
        await docker.run(['volume', 'rm', '--force', '--', name]);
      }
      await tools.lasting.remove(persistentId);
      reporter.finish(label);
    },
  };
}
