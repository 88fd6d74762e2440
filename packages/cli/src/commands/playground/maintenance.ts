import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';

interface MaintenanceInput {
  readonly playground: string;
  readonly switch: string;
  readonly service: string | undefined;
  readonly message: string | undefined;
}

/** `playhouse playground maintenance` */
export async function setMaintenance(context: Context, input: MaintenanceInput): Promise<undefined> {
  const { playground, service, message } = input;
  if (input.switch !== 'on' && input.switch !== 'off') {
    const detail = `expected on or off, not "${input.switch}"`;
    throw new PlayhouseError('usage', { detail, command: 'playground maintenance' });
  }
  const { client } = await context.connect();
  const body = {
    enabled: input.switch === 'on',
    ...(service === undefined ? {} : { service }),
    ...(message === undefined ? {} : { message }),
  };
  const state = await client('playground.maintenance', { parameters: { playground }, body });
  await finish(context, state, () => wordsOf(playground, state.services));
}

function wordsOf(
  playground: string,
  services: readonly { readonly name: string; readonly text: string }[],
): string {
  if (services.length === 0) return 'No service is under maintenance: addresses lead to the services.\n';
  const lines = services.map(({ name, text }) => `  ${name}: ${text}\n`);
  const end = `  End it: playhouse playground maintenance ${playground} off\n`;
  return `Under maintenance:\n${lines.join('')}${end}`;
}
