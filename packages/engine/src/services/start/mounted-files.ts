// What containers have mounted of the folder of their Compose file: files of the repository as they are there, and folders that are filled
// with what the repository has when they are made.
import { existsSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ContentFile, fileOf, withContentFiles } from '@playhouse/contract/compose/render/content-files';
import {
  type OwnBind,
  ownBinds,
  type SharedFolder,
  withOwnBinds,
} from '@playhouse/contract/compose/render/own-binds';
import type { ComposeData } from '@playhouse/contract/compose/render/read-rendered';
import { mountedPaths } from '@playhouse/contract/compose/render/mounted-paths';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isRecord } from '@playhouse/contract/manifest/noun';
import type { StepVoice } from '../../operations/step.ts';
import { removeTree, writeDurably } from '../../system/durable-file.ts';
import { compiledOf, recordOf, type ServicesContext } from '../services-context.ts';
import { checkoutOf } from './clone-repositories.ts';
import { renderedOf } from './rendered.ts';
import { realPathOf } from './real-path-of.ts';
import { findInRepository } from './repository-files.ts';
import { besideOf, checkoutWith } from './wished-sources.ts';

const program = 0o555;
const readable = 0o444;

/** The rendered file with all that is mounted in its place. @throws PlayhouseError compose-refused */
export async function withMountedFiles(context: ServicesContext, voice: StepVoice): Promise<ComposeData> {
  const { tools, id } = context;
  const files = tools.records.files(id);
  const { rendered, texts } = await renderedOf(context, voice);
  const { environment: values } = compiledOf(tools, recordOf(context));
  const { beside } = files;
  requireTexts(rendered, beside, texts);
  const contents = withContentFiles(rendered, { values, texts, folder: files.contents });
  const single = new Map<string, ContentFile>();
  const whose = besideOf(context);
  for (const bind of ownBinds(contents.rendered, whose)) {
    const entry = await findInRepository(context, bind.path, checkoutWith(context, bind.owner));
    // What Docker Compose would make without a word.
    if (entry.kind === 'missing')
      voice.log(`${bind.path} is in no repository: a folder is mounted that is empty`);
    if (entry.kind !== 'file') continue;
    const mode = entry.text.startsWith('#!') ? program : readable;
    single.set(keyOf(bind), fileOf({ mode }, entry.text, files.contents));
  }
  await writeContentFiles(files.contents, [...contents.files, ...single.values()]);
  const placed = withOwnBinds(contents.rendered, {
    ...{ besideOf: whose, shared: files.shared },
    fileOf: (bind) => single.get(keyOf(bind))?.path,
  });
  for (const folder of placed.folders) await makeShared(context, folder);
  requireNoneBeside(placed.rendered, beside);
  return placed.rendered;
}

function keyOf({ owner, path }: OwnBind): string {
  return JSON.stringify([owner, path]);
}

/** What Docker Compose is given to read is nobody’s to write; a container could put a link there. */
function requireNoneBeside(rendered: ComposeData, beside: string): void {
  const folder = realPathOf(beside);
  for (const path of mountedPaths(rendered)) {
    const real = realPathOf(path);
    if (real !== folder && !real.startsWith(`${folder}/`)) continue;
    const detail = `${path} cannot be mounted like this; mount it by its relative path under \`volumes\` of the service`;
    throw new PlayhouseError('compose-refused', { detail });
  }
}

/** A config or secret of a file that is not there would be an empty folder. */
function requireTexts(rendered: ComposeData, beside: string, texts: ReadonlyMap<string, string>): void {
  for (const kind of ['configs', 'secrets'])
    for (const part of Object.values(isRecord(rendered[kind]) ? rendered[kind] : {})) {
      const file = isRecord(part) ? part['file'] : undefined;
      if (typeof file !== 'string' || !file.startsWith(`${beside}/`) || texts.has(file)) continue;
      const path = file.slice(beside.length + 1);
      throw new PlayhouseError('compose-refused', { detail: `${path} is in no repository of this playspec` });
    }
}

/** What is there is not written again: containers have it mounted. */
async function writeContentFiles(folder: string, files: readonly ContentFile[]): Promise<void> {
  if (files.length > 0) await mkdir(folder, { recursive: true, mode: 0o711 });
  for (const { path, content, mode, uid, gid } of files) {
    if (!existsSync(path)) await writeDurably(path, content);
    await chown(path, uid, gid);
    await chmod(path, mode);
  }
}

/** A folder that is there stays as containers left it. */
async function makeShared(context: ServicesContext, { owner, path, folder }: SharedFolder): Promise<void> {
  if (existsSync(folder)) return;
  const { tools, id } = context;
  const { formerShared } = tools.records.files(id);
  await mkdir(dirname(folder), { recursive: true, mode: 0o711 });
  const former = `${formerShared}/${path}`;
  // Below a folder that a container had, a name may lead anywhere.
  const isOurs = owner === null && !path.includes('/') && path !== '.';
  if (isOurs && (await lstat(former).catch(() => null))?.isDirectory() === true)
    return await rename(former, folder);
  const making = `${folder}.making`;
  await removeTree(making);
  await mkdir(making, { mode: 0o755 });
  const from = checkoutWith(context, owner);
  if (from !== null) await checkoutOf(context, from).unpack(path, making);
  await rename(making, folder);
}
