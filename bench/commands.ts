// How long a user waits for commands that do next to nothing.
import { UpInstallation } from './up-installation.ts';
import { median, timed } from './measure.ts';
import type { Row } from './row.ts';

const runs = 11;

export async function benchCommands(): Promise<readonly Row[]> {
  await using installation = await UpInstallation.create();
  await installation.up();
  const row = async (bar: number, unit: 'ms' | 's', ...words: string[]): Promise<Row> => {
    const samples: number[] = [];
    for (let run = 0; run < runs; run++) {
      const { seconds } = await timed([installation.command, ...words], installation.env);
      samples.push(unit === 'ms' ? seconds * 1000 : seconds);
    }
    return { name: `playhouse ${words.join(' ')}`, figure: median(samples), unit, bar, samples };
  };
  return [
    await row(200, 'ms', '--version'),
    await row(400, 'ms', 'playground', 'list'),
    await row(3, 's', 'up', '--no-demo'),
  ];
}
