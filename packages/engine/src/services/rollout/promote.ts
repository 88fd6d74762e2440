// The end of a rollout: the next version becomes what the playground is, and its addresses lead there.
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { StepVoice } from '../../operations/step.ts';
import { crashPoint } from '../../system/crash-point.ts';
import { syncDirectory } from '../../system/durable-file.ts';
import { observe } from '../observe.ts';
import { imagesFor } from '../register-services.ts';
import { recordOf, type ServicesContext } from '../services-context.ts';

/** True when the record says that the next version is what the playground is: that is the point of no return. */
export function isPromoted({ tools, id }: ServicesContext): boolean {
  return tools.records.find(id)?.next === null;
}

/** From now on it is what the playground is. An engine that dies in between finds the record changed, and the file still to be. */
export async function promote(context: ServicesContext): Promise<void> {
  const { compose, nextCompose, folder } = context.tools.records.files(context.id);
  if (!isPromoted(context)) {
    await promoteRecord(context);
    crashPoint('rollout/promoted');
  }
  if (!existsSync(nextCompose)) return;
  await rename(nextCompose, compose);
  await syncDirectory(folder);
}

async function promoteRecord(context: ServicesContext): Promise<void> {
  const { tools, id } = context;
  const { order, parts, secrets } = recordOf(context);
  const now = tools.records.find(id);
  if (now === null) return;
  const ahead = imagesFor(tools, now, { order, secrets });
  // What was built ahead and is taken up now is ahead no more.
  const left = Object.entries(ahead).filter(([name, { commit }]) => commit !== parts[name]?.commit);
  const nextImages = Object.fromEntries(left);
  try {
    await tools.records.change(id, { order, parts, secrets, nextImages, next: null });
  } catch (error) {
    // Known before it is written, but true only when it is: what is undone now needs to know both versions.
    await tools.records.change(id, now).catch(() => {});
    throw error;
  }
}

/**
 * Has the addresses lead to what the playground is by now. That it is, whatever Docker, the proxy or an authority says: to call it a
 * failure would have the server go back to what does not run any more. Routes are tried again with the next look.
 */
export async function serve(context: ServicesContext, voice: StepVoice): Promise<void> {
  const { tools, id } = context;
  try {
    const docker = await tools.docker(voice);
    await observe(context, docker.api, 'running');
    await tools.ingress.certify(id);
  } catch (error) {
    voice.log(`it is rolled out, but not all of its addresses answer: ${toErrorBody(error).message}`);
  }
}
