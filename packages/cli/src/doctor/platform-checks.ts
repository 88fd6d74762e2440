// Whether the platform is up, and what its engine says about the host.
import { readFile } from 'node:fs/promises';
import { defaultKernel } from '@playhouse/contract/manifest/kernel-reference';
import { runsSystemd } from '../setup/choose-manager.ts';
import { computeCodeDigest } from '../setup/code-digest.ts';
import type { Installation } from '../setup/installation.ts';
import { codePart } from '../setup/start-digest.ts';
import { unitName } from '../setup/systemd-unit.ts';
import { formatSize } from '../output/size.ts';
import type { Connection } from '../program/context.ts';
import { livingProcess } from '../supervisor/pid-file.ts';
import { pidFile } from '../supervisor/plan.ts';
import { runCommand } from '../system/run-command.ts';
import { readHealth } from '../setup/await-health.ts';
import { broken, type Check, type CheckResult, good, warning } from './check.ts';

const mend = 'sudo playhouse up';

export interface PlatformInput {
  readonly installation: Installation;
  readonly connection: Connection;
  readonly codeRoot: string;
}

export function platformChecks({
  installation,
  connection,
  codeRoot,
}: PlatformInput): Readonly<Record<string, Check>> {
  const { client, endpoint } = connection;
  return {
    Services: async () => {
      const manager = (await runsSystemd()) ? 'systemd' : 'supervisor';
      const parts = manager === 'systemd' ? ['server', 'engine'] : ['supervisor', 'server', 'engine'];
      const states = await Promise.all(parts.map((part) => runs(installation, part, manager)));
      const down = parts.filter((_, index) => states[index] === null);
      if (down.length > 0)
        return broken('Services', `not running under ${manager}: ${down.join(', ')}`, mend);
      return good('Services', parts.map((part, index) => `${part} ${states[index] ?? ''}`.trim()).join(', '));
    },
    Server: async () => {
      const health = await readHealth(endpoint);
      if (health === null) return broken('Server', `does not answer at ${endpoint}`, mend);
      const server = good('Server', `version ${health.version} at ${endpoint}`);
      const changed = codePart(health.codeDigest) !== (await computeCodeDigest(codeRoot));
      return [
        changed ? warning('Server', 'runs other code than this checkout has', mend) : server,
        health.engineConnected
          ? good('Engine link', 'connected')
          : broken('Engine link', 'the engine is not connected', mend),
      ];
    },
    Access: async () => {
      if (connection.token === null)
        return broken('Access', 'no token found', `${mend} (or set PLAYHOUSE_TOKEN_FILE)`);
      await client('system.playroom');
      return good('Access', `token from ${connection.tokenOrigin ?? 'nowhere'}`);
    },
    Accelerator: async () => {
      const { playroom } = await client('system.playroom');
      if (playroom.accelerator === null)
        return warning('Accelerator', 'not probed yet', 'playhouse source bake debian-12');
      const { class: verdict, evidence } = playroom.accelerator;
      return {
        name: 'Accelerator',
        verdict: 'good',
        found: [verdict, ...evidence],
        mend: null,
      } satisfies CheckResult;
    },
    Capacity: async () => {
      const { playroom } = await client('system.playroom');
      const budget =
        playroom.memoryBudgetBytes === null ? 'an unknown budget' : formatSize(playroom.memoryBudgetBytes);
      return good(
        'Capacity',
        `${formatSize(playroom.memoryReservedBytes)} of ${budget} of machine memory handed out`,
      );
    },
    Kernels: async () => {
      const { kernels } = await client('kernel.list');
      const names = kernels
        .filter(({ installed }) => installed)
        .map(({ name, release }) => `${name} (${release ?? '?'})`);
      const later = kernels
        .filter(({ installed, official }) => official && !installed)
        .map(({ name }) => name);
      const found = [...names, ...later.map((name) => `${name} (when needed)`)].join(', ');
      // Machines that name no kernel cannot start without it, nor can the accelerator be probed.
      const usable = kernels.some(({ name, installed }) => name === defaultKernel && installed);
      return usable ? good('Kernels', found) : broken('Kernels', `${defaultKernel} is not installed`, mend);
    },
    Sources: async () => {
      const { sources } = await client('source.list');
      const names = sources.filter(({ baked }) => baked).map(({ name }) => name);
      return names.length > 0 ? good('Sources', names.join(', ')) : broken('Sources', 'none baked', mend);
    },
  };
}

/** `pid N` or the like when the part runs; null otherwise. */
async function runs(
  installation: Installation,
  part: string,
  manager: 'systemd' | 'supervisor',
): Promise<string | null> {
  if (manager === 'systemd') {
    const { exitCode } = await runCommand(['systemctl', 'is-active', '--quiet', unitName(part)]);
    return exitCode === 0 ? 'active' : null;
  }
  const record = livingProcess(pidFile(installation.paths.run, part));
  return record === null ? null : `pid ${record.pid}${await memory(record.pid)}`;
}

async function memory(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? '' : ` (${formatSize(Number(kibibytes) * 1024)})`;
}
