// ./playhouse bench [start | five | memory | commands | networks | pull | vault | prewarmed | live-fork | stopped-fork | proxy | services-start | services-rollout |
// services-hundred]…: measures the
// product’s promises on the machine at hand. Figures are ratios of paired runs or medians; raw samples are kept as JSON. Must never be part of the tests: a busy machine is no bug.
import { mkdir, writeFile } from 'node:fs/promises';
import { prepare } from '../tests/prepare.ts';
import { benchCommands } from './commands.ts';
import { benchMemory } from './memory.ts';
import { benchNetworks } from './networks.ts';
import { benchPull } from './pull.ts';
import { formatRow, holds, type Row } from './row.ts';
import { benchFiveMachines, benchStart } from './start.ts';
import { benchLiveFork } from './live-fork.ts';
import { benchPrewarmed } from './prewarmed.ts';
import { benchProxy } from './proxy.ts';
import { benchServicesHundred } from './services-hundred.ts';
import { benchServicesRollout } from './services-rollout.ts';
import { benchServicesStart } from './services.ts';
import { benchStoppedFork } from './stopped-fork.ts';
import { benchVault } from './vault.ts';

const benches: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  start: benchStart,
  five: benchFiveMachines,
  memory: benchMemory,
  commands: benchCommands,
  networks: benchNetworks,
  pull: benchPull,
  vault: benchVault,
  prewarmed: benchPrewarmed,
  'live-fork': benchLiveFork,
  'stopped-fork': benchStoppedFork,
  proxy: benchProxy,
  'services-start': benchServicesStart,
  'services-rollout': benchServicesRollout,
  'services-hundred': benchServicesHundred,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no bench called ${unknown.join(', ')}. Use: ${Object.keys(benches).join(', ')}.\n`,
  );
  process.exit(2);
}

await prepare();
const rows: Row[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`── ${name} ──\n`);
  for (const row of await bench()) {
    rows.push(row);
    process.stdout.write(`${formatRow(row)}\n`);
  }
}

const folder = new URL('../.cache/bench', import.meta.url).pathname;
await mkdir(folder, { recursive: true });
const file = `${folder}/${new Date().toISOString().replaceAll(':', '-')}.json`;
await writeFile(file, JSON.stringify(rows, null, 2));
process.stdout.write(`raw samples: ${file}\n`);
process.exit(rows.every(holds) ? 0 : 1);
