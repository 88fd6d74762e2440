import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ServicesPreview } from '@playhouse/contract/services-preview';
import { getPlayspec } from '../catalog/get-playspec.ts';
import type { ControlPlane } from '../control-plane.ts';
import { requireEngine, withEnvironment } from './accepted.ts';
import { slugify } from './slug.ts';
import { divideWishes, draftServices, type ServicesRequest } from './start-services.ts';

interface PreviewRequest extends Omit<ServicesRequest, 'slug'> {
  readonly playspec: string;
  readonly title?: string | undefined;
}

/**
 * What a start would make of a Compose playspec. Nothing is written: not even a number is drawn, so that what follows from it shows
 * the number 0.
 * @throws PlayhouseError engine-down, playspec-unknown, playspec-version-unknown, playspec-of-machines, manifest-invalid,
 * service-unknown, and what the engine finds
 */
export async function previewServices(
  plane: ControlPlane,
  request: PreviewRequest,
  /** Id of the user. */
  owner: string,
): Promise<ServicesPreview> {
  requireEngine(plane);
  const playspec = await getPlayspec(plane.store.database, request.playspec);
  if (playspec.kind !== 'compose')
    throw new PlayhouseError('playspec-of-machines', { playspec: playspec.name });
  const slug = slugify(request.title ?? playspec.name, playspec.name);
  const { stack } = draftServices(plane, playspec, { ...request, slug });
  const { variables, environment } = request;
  const { compose, domain, policy, profiles = [] } = stack;
  const services = withEnvironment(stack.services, divideWishes(request.services).own);
  const wished = { variables, environment, services, profiles };
  const from = playspec.saved === null ? null : { snapshotId: playspec.saved.snapshotId };
  const order = {
    ...{ id: plane.newIdentifier(), number: 0, slug, owner, compose, domain, policy, ...wished },
    // Whose volumes it would have changes no variable.
    ...{ from, persistentId: null },
  };
  return (await plane.engine.ask({ kind: 'services.preview', order })).preview;
}
