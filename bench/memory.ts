// Resident memory of server and engine at rest, as `playhouse up` starts them.
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { UpInstallation } from './up-installation.ts';
import type { Row } from './row.ts';

const bars = { server: 140, engine: 120 } as const;
const restSeconds = 20;

export async function benchMemory(): Promise<readonly Row[]> {
  await using installation = await UpInstallation.create();
  await installation.up();
  await setTimeout(restSeconds * 1000);
  return await Promise.all(
    (['server', 'engine'] as const).map(async (service) => {
      const pid = await installation.pid(service);
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      const megabytes = (Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024) / 1e6;
      return {
        name: `idle memory of the ${service}`,
        figure: megabytes,
        unit: 'MB' as const,
        bar: bars[service],
        samples: [megabytes],
      };
    }),
  );
}
