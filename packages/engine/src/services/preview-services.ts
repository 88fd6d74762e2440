// What a start would make of an order: each service with its variables and where each is from. Done with a record of its own in a folder
// that is gone afterwards, by the same means as a start; repositories are asked for no more than one commit.
import { mkdtemp } from 'node:fs/promises';
import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
import type { ServicesPreview } from '@playhouse/contract/services-preview';
import { quietVoice } from '../operations/step.ts';
import { removeTree } from '../system/durable-file.ts';
import { contextApart } from './context-apart.ts';
import { registerServices } from './register-services.ts';
import { hostOf } from './routes.ts';
import { maskOf } from './secrets/playground-secrets.ts';
import { shownValues, shownVariables } from './secrets/shown-values.ts';
import { compiledOf, recordOf, type ServicesContext, type ServicesTools } from './services-context.ts';
import { ServicesRecords } from './services-record.ts';
import { checkoutOf, requireOpen } from './start/clone-repositories.ts';
import { wishedSources } from './start/wished-sources.ts';
import { renderedOf } from './start/rendered.ts';
import { resolveService, variablesOf } from './start/service-variables.ts';
import { takeUpServices } from './volumes/take-up-services.ts';

const timeoutMs = 25_000;

/**
 * `folder` is where playgrounds are: what an engine that dies leaves of a preview there has no record, and is removed.
 * @throws PlayhouseError compose-refused, docker-unavailable, and what repositories say
 */
export async function previewServices(
  tools: ServicesTools,
  order: ServicesOrder,
  folder: string,
): Promise<ServicesPreview> {
  const own = await mkdtemp(`${folder}/preview-`);
  try {
    const context = contextApart(tools, new ServicesRecords(own), order.id);
    await registerServices(context.tools, order);
    return await preview(context, AbortSignal.timeout(timeoutMs));
  } finally {
    await removeTree(own);
  }
}

async function preview(context: ServicesContext, signal: AbortSignal): Promise<ServicesPreview> {
  const { tools, id } = context;
  const voice = quietVoice(() => {}, signal);
  // What a saved playspec begins with has values of its own.
  await takeUpServices.run(context, voice);
  const sources = new Map<string, ServicesPreview['services'][number]['source']>();
  for (const { name, repository, wish } of wishedSources(context)) {
    await requireOpen(tools, { repository });
    const { url } = repository;
    const commit = await checkoutOf(context, name).peek({ url, ...wish }, signal);
    sources.set(name, { repository: url, branch: wish.branch, commit });
  }
  const { rendered, plan } = await renderedOf(context, voice);
  // What is generated for one is what another gets, too.
  for (const service of plan.services) await variablesOf(context, service, rendered);
  const mask = maskOf(tools, id);
  const { values } = compiledOf(tools, recordOf(context));
  const written = rendered['services'] as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  return {
    values: shownValues(values, mask),
    services: await Promise.all(
      plan.services.map(async (service) => {
        const { name, kind, image, build } = service;
        const { variables } = await resolveService(context, service, written[name] ?? {});
        return {
          ...{ name, kind, image: build === null ? image : null, source: sources.get(name) ?? null },
          production: productionOf(context, service),
          host: hostOf(recordOf(context), service),
          variables: shownVariables(variables, mask),
        };
      }),
    ),
  };
}

function productionOf(context: ServicesContext, { name, source, production }: PlannedService): boolean {
  return source !== null && (recordOf(context).order.services[name]?.production ?? production);
}
