import type { Client } from '@playhouse/contract/routes/client';
import type { ServerCrashPoint } from '@playhouse/server/crash-point';
import { runningMachine } from '@playhouse/server/testing/fixtures';
import type { TestEngine } from '@playhouse/server/testing/test-engine';

interface Driven {
  readonly connect: () => Promise<TestEngine>;
  readonly client: Client;
  /** Gets the operations whose command the engine had. */
  readonly delivered: Set<string>;
}

/** Has a server do what leads past a point where it is to die. */
export async function driveServer(
  point: ServerCrashPoint,
  { connect, client, delivered }: Driven,
): Promise<void> {
  const engine = await connect();
  let revision = 0;
  if (point === 'source-committed') await client('source.bake', { parameters: { name: 'debian-12' } });
  if (point === 'kernel-add-committed') await client('kernel.add', { body: { name: '6.12' } });
  if (point === 'kernel-remove-committed') await client('kernel.remove', { parameters: { name: '6.12' } });
  const ofServices = point === 'rollout-committed';
  if (ofServices) {
    const manifest = 'services: { web: { image: nginx } }\n';
    await client('playspec.create', { body: { name: 'shop', manifestFile: 'shop.yaml', manifest } });
  }
  const { playground, operation } = await client('playground.start', {
    body: { playspec: ofServices ? 'shop' : 'debian' },
  });
  const parameters = { playground: playground.id };
  const { sequence } = await engine.next('command');
  delivered.add(operation.id);
  engine.send({ type: 'accepted', sequence });
  if (point === 'command-accepted') return;
  const report = async (operationId: string, state: 'running' | 'stopped' | 'error') => {
    const status = state === 'error' ? 'failed' : 'succeeded';
    await engine.report({ operationId, revision: ++revision, status });
    const machines = [runningMachine()];
    await engine.reportPlayground({ playgroundId: playground.id, revision, state, machines });
  };
  if (ofServices) {
    await report(operation.id, 'running');
    await client('playground.rollout', { parameters, body: {} });
  }
  if (point === 'spare-step-committed') {
    await report(operation.id, 'running');
    const name = { parameters: { name: 'debian' } };
    const warm = await client('playspec.prewarm', name);
    await engine.report({ operationId: warm.operation.id, revision: ++revision, status: 'succeeded' });
    // The Playguard cuts it, and makes the copy once there is something to make it of.
    for (;;) {
      const { command } = await engine.next('command');
      delivered.add(command.operationId);
      if (command.kind !== 'playground.snapshot') continue;
      await engine.report({ operationId: command.operationId, revision: ++revision, status: 'succeeded' });
      break;
    }
    await client('playspec.keep-spare', { ...name, body: { wanted: true } });
    return;
  }
  if (/^(suspend|fork|save|prewarm)-/.test(point)) {
    await report(operation.id, 'running');
    await client('playground.fork', { parameters, body: {} });
    await client('playspec.save', { parameters, body: { name: 'saved' } });
    const warm = await client('playspec.prewarm', { parameters: { name: 'debian' } });
    await engine.report({ operationId: warm.operation.id, revision: ++revision, status: 'succeeded' });
    // Its next step is the Playguard’s, within seconds.
    if (point === 'prewarm-step-committed') return;
    await client('playground.suspend', { parameters });
  }
  if (/^(stop|restart|machine)-/.test(point)) {
    await report(operation.id, 'running');
    if (point === 'machine-committed')
      await client('machine.reboot', { parameters: { ...parameters, machine: runningMachine().name } });
    const stop = await client('playground.stop', { parameters });
    await report(stop.operation.id, 'stopped');
    await client('playground.restart', { parameters });
  }
  await client('operation.cancel', { parameters: { operation: operation.id } });
  await report(operation.id, 'error');
  await client('playground.retry', { parameters });
  await client('playground.destroy', { parameters });
}
