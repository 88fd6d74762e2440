// Fields of Compose that the Docker Compose of Debian (2.26) refuses with words of its own when it renders, leaves out without a word, or
// renders and does nothing about. `tests/end-to-end/compose-fields.e2e.test.ts` asks it about every field that there is.
import type { ManifestIssue, ManifestPath } from '../manifest/manifest-issue.ts';
import { isRecord } from '../manifest/noun.ts';
import { ownerOf } from './policy/finding.ts';

const attestations = 'Remove it: images that are built here have no attestations.';
const watch = 'Remove it, or `develop` as a whole: files are not watched here, a checkout is mounted.';

/** By their place: `*` is any name, `[]` any entry of a list. What to do instead. */
export const notCarriedOut: Readonly<Record<string, string>> = {
  models:
    'Remove it. Run the model as a service, or tell services by `environment` where there is one that they can ask.',
  'services.*.models': 'Remove it, and tell the service by `environment` where its model answers.',
  'services.*.provider':
    'Give the service an `image`. What runs elsewhere needs no service: tell the others by `environment` where it is.',
  'services.*.post_start':
    'Remove it. What is to be done once a service runs can be a service of its own that waits for it with `depends_on` and `service_healthy`.',
  'services.*.pre_stop':
    'Remove it. Let the program do at its `stop_signal` what is to be done at the end; `stop_grace_period` says how long it may take.',
  'services.*.networks.*.interface_name': 'Remove it: interfaces are called `eth0`, `eth1` and so on.',
  'services.*.networks.*.gw_priority':
    'Remove it. Set `internal: true` for networks of the file that are not to lead outside.',
  'networks.*.ipam.options': 'Remove it.',
  'services.*.volumes.[].volume.labels':
    'Remove it, or give the labels to the volume under `volumes` of the file.',
  'services.*.volumes.[].image':
    'Remove it. A service of that image that others wait for (`service_completed_successfully`) can copy what they need into a volume.',
  'services.*.env_file.[].format': 'Remove it: the file is read as Docker Compose reads it without.',
  'services.*.use_api_socket': 'Remove it: nothing in a playground has Docker’s socket.',
  'services.*.build.no_cache_filter': 'Remove it; `no_cache: true` builds all stages anew.',
  'services.*.build.provenance': attestations,
  'services.*.build.sbom': attestations,
  'services.*.develop.watch.[].include': watch,
  'services.*.develop.watch.[].initial_sync': watch,
};

/** An error at the place of each. */
export function checkCarriedOut(file: unknown): readonly ManifestIssue[] {
  return Object.entries(notCarriedOut).flatMap(([name, mend]) =>
    placesOf(file, name.split('.'), []).map((path): ManifestIssue => {
      const field = path.at(-1) as string;
      return { code: 'compose-field-idle', path, parameters: { owner: ownerOf(path), field, mend } };
    }),
  );
}

function placesOf(value: unknown, names: readonly string[], path: ManifestPath): readonly ManifestPath[] {
  const [name, ...rest] = names;
  if (name === undefined) return value === undefined ? [] : [path];
  if (name === '[]')
    return Array.isArray(value) ? value.flatMap((item, index) => placesOf(item, rest, [...path, index])) : [];
  if (!isRecord(value)) return [];
  if (name !== '*') return Object.hasOwn(value, name) ? placesOf(value[name], rest, [...path, name]) : [];
  return Object.entries(value).flatMap(([key, inner]) => placesOf(inner, rest, [...path, key]));
}
