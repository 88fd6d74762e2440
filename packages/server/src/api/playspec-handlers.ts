import { may } from '../auth/may.ts';
import { nameOf, userOf } from '../auth/principal.ts';
import { subjectOf } from '../auth/require-playspec.ts';
import { createPlayspec } from '../catalog/create-playspec.ts';
import { deletePlayspec } from '../catalog/delete-playspec.ts';
import { getPlayspec } from '../catalog/get-playspec.ts';
import { savePlayspec } from '../catalog/save-playspec.ts';
import { updatePlayspec } from '../catalog/update-playspec.ts';
import type { WrittenPlayspec } from '../catalog/write-playspec.ts';
import type { ControlPlane } from '../control-plane.ts';
import { dropPrewarm, prewarmPlayspec } from '../operations/prewarm-playspec.ts';
import { keepSpare } from '../operations/spares.ts';
import { listVolumes, removeVolumes } from '../operations/remove-volumes.ts';
import { askCosts, costsOf } from '../snapshots/ask-costs.ts';
import { referenceOf } from '../store/playspec-snapshots.ts';
import { listPlayspecs, listPlayspecVersions, toPublicPage, toPublicPlayspec } from '../store/playspecs.ts';
import type { HandlersOf } from './handlers.ts';

export function createPlayspecHandlers(plane: ControlPlane): HandlersOf<'playspec'> {
  const { database } = plane.store;
  return {
    'playspec.list': async ({ query: { category, mine, costs: wanted } }, caller) => {
      const seen = (await listPlayspecs(database))
        .filter((playspec) => may(caller, 'list', subjectOf(playspec)))
        .filter(({ categories }) => category === undefined || categories.includes(category.toLowerCase()))
        .filter(({ owner }) => !mine || (caller.kind === 'user' && owner === caller.name));
      const costs = wanted ? await askCosts(plane) : null;
      return {
        playspecs: seen.map(toPublicPlayspec),
        costs: costsOf(costs?.playspecs, seen.map(referenceOf)),
      };
    },
    'playspec.get': async ({ parameters: { name }, query }) => {
      return { playspec: toPublicPage(await getPlayspec(database, name, query.version)) };
    },
    'playspec.versions': async ({ parameters: { name } }) => {
      const playspec = await getPlayspec(database, name);
      return { versions: await listPlayspecVersions(database, playspec.name) };
    },
    'playspec.manifest': async ({ parameters: { name }, query }) => {
      const { manifest, version } = await getPlayspec(database, name, query.version);
      return { manifest, version };
    },
    'playspec.create': async ({ body }, caller) => shown(await createPlayspec(plane, body, userOf(caller))),
    'playspec.update': async ({ parameters: { name }, body }, caller) =>
      shown(await updatePlayspec(plane, { name, ...body }, userOf(caller).id)),
    'playspec.remove': async ({ parameters: { name } }) => ({
      playspec: toPublicPlayspec(await deletePlayspec(plane, name)),
    }),
    'playspec.save': async ({ parameters, body }, caller) => {
      const { playspec, operation } = await savePlayspec(plane, parameters.playground, body, caller);
      return { playspec: toPublicPlayspec(playspec), operation };
    },
    'playspec.volumes': ({ parameters }) => listVolumes(plane, parameters.name),
    'playspec.remove-volumes': async ({ parameters }) => ({
      operation: await removeVolumes(plane, parameters.name),
    }),
    'playspec.prewarm': ({ parameters }, caller) => prewarmPlayspec(plane, parameters.name, nameOf(caller)),
    'playspec.keep-spare': async ({ parameters, body }) => ({
      playspec: await keepSpare(plane, parameters.name, body.wanted),
    }),
    'playspec.drop-prewarm': async ({ parameters }) => ({
      playspec: await dropPrewarm(plane, parameters.name),
    }),
  };
}

function shown({ playspec, notes }: WrittenPlayspec) {
  return { playspec: toPublicPage(playspec), notes: [...notes] };
}
