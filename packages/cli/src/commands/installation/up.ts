// Sets the host up and starts the platform. Every step leaves alone what is there already, so that a second run changes
// nothing and one after a failure goes on where it stopped.
import { finish } from '../../output/finish.ts';
import type { Connection, Context } from '../../program/context.ts';
import { createRenderer } from '../../progress/create-renderer.ts';
import { systemClock } from '../../progress/renderer.ts';
import { type Report, StepList } from '../../progress/step-list.ts';
import { awaitHealth, readHealth } from '../../setup/await-health.ts';
import { bakeFirstSource } from '../../setup/bake-first-source.ts';
import { ensureCommandLink } from '../../setup/command-link.ts';
import { computeCodeDigest } from '../../setup/code-digest.ts';
import { checkHost } from '../../setup/host-check.ts';
import { installPackages } from '../../setup/install-packages.ts';
import {
  connectAsAdmin,
  describeInstallation,
  type Installation,
  requireRoot,
  wantedPackages,
} from '../../setup/installation.ts';
import { ensureForwarding, ensureTun } from '../../setup/kernel-settings.ts';
import { programName } from '../../setup/program-name.ts';
import { planInstallation } from '../../setup/plan-installation.ts';
import { startDemo } from '../../setup/start-demo.ts';
import { ensureStateDirectories } from '../../setup/state-directories.ts';
import { ensureUser } from '../../setup/system-user.ts';
import { renderSummary } from '../../setup/summary.ts';
import { noteCredentials } from '../../setup/user-settings.ts';

/** `playhouse up` */
export async function up(context: Context, input: { readonly noDemo: boolean }): Promise<undefined> {
  requireRoot(context, 'up');
  const renderer = await createRenderer(context);
  const steps = new StepList(renderer, systemClock);
  try {
    const installation = await describeInstallation(context);
    const connection = await setUp(context, installation, steps);
    await bakeFirstSource(connection, steps, context.signal);
    const demo = await startDemo({
      connection,
      steps,
      signal: context.signal,
      markerFile: `${installation.paths.root}/first-run-done`,
      wanted: !input.noDemo,
    });
    const { playroom } = await connection.client('system.playroom');
    renderer.stop();
    const program = programName(context.codeRoot, context.environment['PATH'] ?? '', process.cwd());
    const summary = {
      endpoint: installation.endpoint,
      tokenFile: installation.paths.adminToken,
      playroom,
      demo,
    };
    await finish(context, summary, () => `\n${renderSummary(summary, program)}`);
  } finally {
    renderer.stop();
  }
}

async function setUp(context: Context, installation: Installation, steps: StepList): Promise<Connection> {
  const { environment, signal, codeRoot } = context;
  await steps.run('Checking the host', async (report) => report(await checkHost()));
  await steps.run('Installing system packages', async (report) =>
    installPackages(await wantedPackages(codeRoot, 'run'), report, signal),
  );
  await steps.run('Preparing users and kernel', (report) => prepareHost(installation, codeRoot, report));
  await steps.run('Starting server and engine', (report) => startServices(context, installation, report));
  const connection = await connectAsAdmin(installation, signal);
  if (connection.token !== null) {
    const { refused } = await noteCredentials(environment, installation.endpoint, connection.token);
    if (refused !== null) {
      const person = environment['SUDO_USER'] ?? '';
      await steps.run(`Giving ${person} the token`, async (report) => report(`not done: ${refused}`));
    }
  }
  return connection;
}

async function prepareHost(
  { configuration, paths }: Installation,
  codeRoot: string,
  report: Report,
): Promise<void> {
  const { server, engine, stateDirectory } = configuration;
  const changes = [
    (await ensureUser(server.user, [])) ? `made user ${server.user}` : '',
    (await ensureUser(engine.machineUser, ['kvm'])) ? `made user ${engine.machineUser}` : '',
    (await ensureForwarding()) ? 'switched IP forwarding on' : '',
    (await ensureTun()) ? 'made /dev/net/tun' : '',
    (await ensureCommandLink({ codeRoot, stateDirectory })) ? 'put playhouse on the PATH' : '',
  ].filter((change) => change !== '');
  await ensureStateDirectories(paths);
  report(changes.length === 0 ? 'there already' : changes.join(', '));
}

async function startServices(context: Context, installation: Installation, report: Report): Promise<void> {
  const { paths } = installation;
  const codeDigest = await computeCodeDigest(context.codeRoot);
  const { manager, warm, digest } = await planInstallation(context, installation, codeDigest);
  const { endpoint } = installation;
  const before = await readHealth(endpoint);
  if (before !== null && before.codeDigest !== digest) {
    report('restarting with what has changed');
    await warm();
    await manager.restart();
  } else {
    if (before === null) await warm();
    await manager.ensureRunning();
  }
  await awaitHealth({ endpoint, manager, digest, logs: paths.logs, signal: context.signal }, report);
  report(before?.codeDigest === digest ? 'running already' : `under ${manager.kind}`);
}
