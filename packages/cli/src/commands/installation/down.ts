import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { createRenderer } from '../../progress/create-renderer.ts';
import { systemClock } from '../../progress/renderer.ts';
import { StepList } from '../../progress/step-list.ts';
import { readHealth } from '../../setup/await-health.ts';
import { destroyAll } from '../../setup/destroy-all.ts';
import { forgetCredentials } from '../../setup/forget-credentials.ts';
import { removeCommandLink } from '../../setup/command-link.ts';
import { connectAsAdmin, describeInstallation, requireRoot } from '../../setup/installation.ts';
import { requireNoPlaygrounds } from '../../setup/leftover-playgrounds.ts';
import { programName } from '../../setup/program-name.ts';
import { purge } from '../../setup/purge.ts';
import { planInstallation } from '../../setup/plan-installation.ts';

export interface DownInput {
  readonly destroyPlaygrounds: boolean;
  readonly purge: boolean;
}

/** `playhouse down` */
export async function down(context: Context, input: DownInput): Promise<undefined> {
  requireRoot(context, 'down');
  const installation = await describeInstallation(context);
  const { endpoint } = installation;
  const connection = await connectAsAdmin(installation, context.signal);
  const { manager, engine } = await planInstallation(context, installation, '');
  const renderer = await createRenderer(context);
  const steps = new StepList(renderer, systemClock);
  const program = programName(context.codeRoot, context.environment['PATH'] ?? '', process.cwd());
  let left = 0;
  try {
    const answers = (await readHealth(endpoint)) !== null && connection.token !== null;
    if (input.destroyPlaygrounds || input.purge) {
      if (!answers && !input.purge) throw new PlayhouseError('server-unreachable', { endpoint });
      if (answers) {
        await steps.run('Destroying playgrounds', (report) => destroyAll(connection, report, context.signal));
      }
      if (input.purge) await requireNoPlaygrounds(installation.paths.root, program);
    } else if (answers) {
      left = (await connection.client('playground.list')).playgrounds.length;
    }
    await steps.run('Stopping server and engine', () => manager.stop());
    if (input.purge) {
      await steps.run('Deleting all state', async (report) => {
        await manager.remove();
        await purge(installation, engine, report);
        const { stateDirectory } = installation.configuration;
        if (connection.token !== null)
          await forgetCredentials(context.environment, endpoint, connection.token);
        await removeCommandLink({ codeRoot: context.codeRoot, stateDirectory });
      });
    }
  } finally {
    renderer.stop();
  }
  await finish(context, { playgroundsLeft: left }, () => `\nPlayhouse is down.\n${renderLeft(left)}`);
}

function renderLeft(left: number): string {
  if (left === 0) return '';
  const what = left === 1 ? 'One playground stays as it is' : `${left} playgrounds stay as they are`;
  return `${what}: machines and containers run on. \`playhouse up\` takes up again.\n`;
}
