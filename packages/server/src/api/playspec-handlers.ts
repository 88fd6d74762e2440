import { may } from '../auth/may.ts';
import { nameOf } from '../auth/principal.ts';
import { subjectOf } from '../auth/require-playspec.ts';
import { createPlayspec } from '../catalog/create-playspec.ts';
import { deletePlayspec } from '../catalog/delete-playspec.ts';
import { getPlayspec } from '../catalog/get-playspec.ts';
import { updatePlayspec } from '../catalog/update-playspec.ts';
import type { WrittenPlayspec } from '../catalog/write-playspec.ts';
import type { ControlPlane } from '../control-plane.ts';
import { listPlayspecs, listPlayspecVersions, toPublicPlayspec } from '../store/playspecs.ts';
import type { HandlersOf } from './handlers.ts';

export function createPlayspecHandlers(plane: ControlPlane): HandlersOf<'playspec'> {
  const { database } = plane.store;
  return {
    'playspec.list': async ({ query: { category, mine } }, caller) => {
      const seen = (await listPlayspecs(database))
        .filter((playspec) => may(caller, 'list', subjectOf(playspec)))
        .filter(({ categories }) => category === undefined || categories.includes(category.toLowerCase()))
        .filter(({ owner }) => !mine || (caller.kind === 'user' && owner === caller.name));
      return { playspecs: seen.map(toPublicPlayspec) };
    },
    'playspec.get': async ({ parameters: { name }, query }) => {
      const { manifest: _manifest, ...playspec } = await getPlayspec(database, name, query.version);
      return { playspec };
    },
    'playspec.versions': async ({ parameters: { name } }) => {
      const playspec = await getPlayspec(database, name);
      return { versions: await listPlayspecVersions(database, playspec.name) };
    },
    'playspec.manifest': async ({ parameters: { name }, query }) => {
      const { manifest, version } = await getPlayspec(database, name, query.version);
      return { manifest, version };
    },
    'playspec.create': async ({ body }, caller) => shown(await createPlayspec(plane, body, nameOf(caller))),
    'playspec.update': async ({ parameters: { name }, body }) =>
      shown(await updatePlayspec(plane, { name, ...body })),
    'playspec.remove': async ({ parameters: { name } }) => ({
      playspec: toPublicPlayspec(await deletePlayspec(plane, name)),
    }),
  };
}

function shown({ playspec: { manifest: _manifest, ...playspec }, notes }: WrittenPlayspec) {
  return { playspec, notes: [...notes] };
}
