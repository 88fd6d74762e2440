import { defaultKernel } from '@playhouse/contract/manifest/kernel-reference';
import type { Operation } from '@playhouse/contract/operation';
import { followOperation } from '../connection/follow-operation.ts';
import { succeeded } from '../commands/await-operation.ts';
import type { Connection } from '../program/context.ts';
import type { StepList } from '../progress/step-list.ts';

/** The source that the demo and most playspecs use. */
export const firstSource = 'debian-12';

/**
 * Bakes the first source unless it and the default kernel are there; baking installs that kernel too, the others come with
 * the first start that names them. Where only the kernel is missing, only that is installed. Unfinished work is followed instead.
 */
export async function bakeFirstSource(
  connection: Connection,
  steps: StepList,
  signal: AbortSignal,
): Promise<void> {
  const { client } = connection;
  const [{ sources }, { kernels }] = await Promise.all([client('source.list'), client('kernel.list')]);
  const baked = sources.some((source) => source.name === firstSource && source.baked);
  if (baked && kernels.some(({ name, installed }) => name === defaultKernel && installed)) return;
  const operation = baked
    ? (await client('kernel.add', { body: { name: defaultKernel } })).operation
    : ((await findBake(connection)) ??
      (await client('source.bake', { parameters: { name: firstSource } })).operation);
  const show = steps.section();
  succeeded(
    await followOperation(connection, { operation, onUpdate: (latest) => show(latest.steps), signal }),
  );
}

async function findBake({ client }: Connection): Promise<Operation | undefined> {
  const { operations } = await client('operation.list', { query: { limit: 50 } });
  return operations.find(
    ({ kind, subject, status }) =>
      kind === 'source.bake' &&
      subject.name === firstSource &&
      (status === 'pending' || status === 'running'),
  );
}
