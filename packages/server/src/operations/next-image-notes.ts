import type { NextImage, Service } from '@playhouse/contract/service';

const commitDigits = 8;

/** What there is to tell of images that are built ahead of a rollout, when services are another way than they were. */
export function nextImageNotes(before: readonly Service[], after: readonly Service[]): readonly string[] {
  const known = new Map(before.map(({ name, nextImage }) => [name, nextImage ?? null]));
  return after.flatMap(({ name, nextImage }) =>
    notesOf(known.get(name) ?? null, nextImage).map((note) => `${name}: ${note}`),
  );
}

function notesOf(before: NextImage | null, after: NextImage | null): readonly string[] {
  const isSame = before?.commit === after?.commit;
  if (isSame && before?.state === after?.state) return [];
  const left =
    before?.state === 'building' && !(isSame && after?.state !== 'waiting')
      ? [`${imageOf(before)} is not built any further`]
      : [];
  return [...left, ...(after === null ? [] : newsOf(after))];
}

function newsOf(image: NextImage): readonly string[] {
  switch (image.state) {
    case 'waiting':
      return [];
    case 'building':
      return [`${imageOf(image)} is being built ahead of a rollout`];
    case 'ready':
      return [`${imageOf(image)} is ready: a rollout does not build it`];
    // `failed`
    default:
      return [
        `${imageOf(image)} could not be built ahead of a rollout`,
        ...(image.detail ?? '').split('\n').filter(Boolean),
      ];
  }
}

function imageOf({ commit }: NextImage): string {
  return `the image of new commit ${commit.slice(0, commitDigits)}`;
}
