// Answers who gets in to the services of a playground, and changes that: the password, the bypass token, maintenance. It holds at once,
// and whatever the playground is doing.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Answer, Question } from '@playhouse/contract/link/question';
import { bypassName } from '../../ingress/gate/return-path.ts';
import { Turns } from '../../system/turns.ts';
import { maintenancePage } from '../routes.ts';
import { compiledOf, type ServicesTools } from '../services-context.ts';
import type { ServicesPlaygrounds } from '../services-playgrounds.ts';
import type { ServicesRecord } from '../services-record.ts';
import { openAccess, renewAccess } from './access.ts';

type AccessQuestion = Extract<
  Question,
  { kind: 'services.password' | 'services.bypass' | 'services.maintenance' }
>;
type Tools = Pick<ServicesTools, 'records' | 'ingress' | 'box'>;

const kinds: ReadonlySet<string> = new Set<AccessQuestion['kind']>([
  'services.password',
  'services.bypass',
  'services.maintenance',
]);
/** Another password takes a moment to make, and what is renewed meanwhile must not be what it was before. */
const turns = new Turns();

export function isAccessQuestion(question: Question): question is AccessQuestion {
  return kinds.has(question.kind);
}

/** @throws PlayhouseError playground-unknown, service-not-exposed, ingress-failed */
export async function answerAccess(
  tools: Tools,
  playgrounds: Pick<ServicesPlaygrounds, 'look' | 'report'>,
  question: AccessQuestion,
): Promise<Answer> {
  const { kind, playgroundId: id } = question;
  if (kind === 'services.maintenance') {
    const maintenance = changed(tools, find(tools, id), question);
    await tools.records.change(id, { maintenance });
    await playgrounds.look(id);
    playgrounds.report(id);
    return { kind, services: underMaintenance(tools, find(tools, id)) };
  }
  const what = kind === 'services.password' ? 'password' : 'bypass';
  if (question.renew) {
    await turns.take(id, async () => {
      await tools.records.change(id, await renewAccess(tools, find(tools, id), what));
    });
    await tools.ingress.refresh();
    await tools.ingress.served();
  }
  const { user, password, bypass } = openAccess(tools, find(tools, id));
  return kind === 'services.password'
    ? { kind, user, password }
    : { kind, header: bypassName, token: bypass };
}

function find({ records }: Tools, id: string): ServicesRecord {
  const record = records.find(id);
  if (record === null) throw new PlayhouseError('playground-unknown', { reference: id });
  return record;
}

function changed(
  tools: Tools,
  record: ServicesRecord,
  { service, message }: Extract<AccessQuestion, { kind: 'services.maintenance' }>,
): ServicesRecord['maintenance'] {
  if (service === null) return { all: message, services: {} };
  const exposed = exposedOf(tools, record);
  if (!exposed.includes(service)) {
    const playground = record.order.slug;
    throw new PlayhouseError('service-not-exposed', {
      playground,
      service,
      known: exposed.join(', ') || 'none',
    });
  }
  const { all, services } = record.maintenance;
  const others = Object.entries(services).filter(([name]) => name !== service);
  if (message !== null) return { all, services: Object.fromEntries([...others, [service, message]]) };
  // Of a playground that is under maintenance as a whole, the others stay so.
  const rest = all === null ? [] : exposed.map((name) => [name, services[name] ?? all] as const);
  const kept = [...rest, ...others].filter(([name]) => name !== service);
  return { all: null, services: Object.fromEntries(kept) };
}

function underMaintenance(tools: Tools, record: ServicesRecord) {
  return exposedOf(tools, record).flatMap((name) => {
    const page = maintenancePage(record, name);
    return page === null ? [] : [{ name, text: page.text }];
  });
}

function exposedOf(tools: Tools, record: ServicesRecord): readonly string[] {
  const { services } = compiledOf(tools, record).plan;
  return services.filter(({ exposure }) => exposure !== null).map(({ name }) => name);
}
