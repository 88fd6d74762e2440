// The supervisor's process: `node main.ts PLAN`. One per run directory; SIGTERM ends it and its services.
import { readFileSync, rmSync } from 'node:fs';
import { claimPidFile } from './pid-file.ts';
import { pidFile, type SupervisorPlan } from './plan.ts';
import { supervise } from './supervise.ts';

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as SupervisorPlan;
const ownPidFile = pidFile(plan.runDirectory, 'supervisor');
if (!claimPidFile(ownPidFile)) {
  process.stderr.write(`Another supervisor runs already; see ${ownPidFile}.\n`);
  process.exit(3);
}
process.title = 'playhouse-supervisor';
const supervision = await supervise(plan);
let ending = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (ending) return;
    ending = true;
    void supervision.stop().then(() => {
      rmSync(ownPidFile, { force: true });
      process.exit(0);
    });
  });
}
process.on('SIGHUP', () => undefined);
