import type { Service } from '@playhouse/contract/service';
import { nextImageWords } from './next-image-words.ts';
import { renderTable } from './table.ts';

const commitDigits = 8;

/** The services of a playground as a table, and what is wrong with those that are not well. */
export function serviceTable(services: readonly Service[]): string {
  const rows = services.map((service) => [
    service.name,
    stateOf(service),
    service.visibility ?? '-',
    service.url ?? '-',
    originOf(service),
  ]);
  const table = renderTable(['service', 'state', 'visible', 'address', 'from'], rows);
  const troubles = services.flatMap(({ name, state, healthOutput }) =>
    state === 'unhealthy' && healthOutput ? [`${name} says: ${healthOutput}\n`] : [],
  );
  // A server of the version before does not say.
  const ends = services.flatMap(({ name, endDetail }) => (endDetail ? [`${name}: ${endDetail}\n`] : []));
  const faults = services.flatMap(({ name, nextImage }) =>
    nextImage?.detail ? [`new commits of ${name}: ${nextImage.detail}\n`] : [],
  );
  return [table, ...troubles, ...ends, ...faults].join('');
}

const driftWords = {
  missing: 'a container is missing',
  'other-image': 'runs another image',
  surplus: 'a container too many',
} as const;

function stateOf({ state, exitCode, maintenance, drift }: Service): string {
  const plain = exitCode === null || state === 'stopped' ? state : `${state} (${exitCode})`;
  const words = (drift ?? null) === null ? plain : `${plain}, ${driftWords[drift ?? 'missing']}`;
  return (maintenance ?? null) === null ? words : `${words}, under maintenance`;
}

function originOf({ branch, commit, image, dirty, standing, nextImage }: Service): string {
  if (branch === null) {
    // As much of a digest as tells one from another.
    const shown = image?.replace(/(@sha256:.{12}).*/, '$1') ?? '-';
    return [shown, ...standingWords(standing)].join(', ');
  }
  const place = commit === null ? branch : `${branch}@${commit.slice(0, commitDigits)}`;
  const words = [place, ...(dirty === true ? ['with changes'] : []), ...standingWords(standing)];
  // A server of the version before does not say.
  if (nextImage) words.push(nextImageWords(nextImage));
  return words.join(', ');
}

function standingWords(standing: Service['standing']): readonly string[] {
  if (standing === 'behind') return ['new commits wait'];
  if (standing === 'unknown') return ['branch not reached'];
  return standing === 'ahead' || standing === 'diverged' ? [standing] : [];
}
