import { existsSync } from 'node:fs';
import type { Step } from '../../operations/step.ts';
import { removeUnusedImages } from '../clean/unused-images.ts';
import { findVolumes } from '../docker/volumes.ts';
import { keepLasting } from '../register-services.ts';
import { ownerLabel, type ServicesContext } from '../services-context.ts';
import { playspecLabel } from '../volumes/volumes-of.ts';

const removeTimeoutMs = 300_000;

/** Removes all of a playground that is in Docker: found by its label, whatever its file says. */
export const removeContainers: Step<ServicesContext> = {
  label: 'Removing containers',
  run: async ({ tools, id }, voice) => {
    // Nothing of it is in Docker before its final file is written.
    if (!existsSync(tools.records.files(id).compose)) return;
    // Nothing keeps anybody from destroying: not even values that cannot be opened any more.
    await keepLasting(tools, id).catch((error: unknown) =>
      voice.log(`its values are lost: ${String(error)}`),
    );
    const docker = await tools.docker(voice);
    const filter = ['--filter', `label=${ownerLabel(id)}`];
    const options = { timeoutMs: removeTimeoutMs };
    const ids = async (...words: string[]) => {
      const { stdout } = await docker.run([...words, '--quiet', ...filter], options);
      return stdout.split('\n').filter(Boolean);
    };
    const remove = async (found: readonly string[], ...words: string[]) => {
      if (found.length > 0) await docker.run([...words, ...found], options);
    };
    await remove(await ids('ps', '--all'), 'rm', '--force', '--volumes');
    voice.detail('networks and volumes');
    await remove(await ids('network', 'ls'), 'network', 'rm');
    await remove(await ids('volume', 'ls'), 'volume', 'rm', '--force');
    voice.detail('images');
    const { removed } = await removeUnusedImages(tools, docker.api, id);
    for (const line of removed) voice.log(`${line} is of no use any more`);
    // Volumes that outlive it stay, but for those that never got what was to be in them. Once it ran they have: a rewind may have
    // been about to give them what they had, and what they have now counts.
    const record = tools.records.find(id);
    if (record === null || record.order.persistentId === null || record.established) return;
    const lasting = await findVolumes(docker.api, playspecLabel(record.order.persistentId));
    const half = lasting.filter(({ key }) => record.filling.includes(key)).map(({ name }) => name);
    await remove(half, 'volume', 'rm', '--force');
  },
};

/** Takes its addresses away, then its files: whoever asks for them finds nothing that does not work. */
export const removeRoutes: Step<ServicesContext> = {
  label: 'Removing addresses',
  run: async ({ tools, id }) => await tools.ingress.remove(id),
};
