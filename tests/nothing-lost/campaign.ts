// Many runs by seed, one after the other. A playground is kept for as long as it is sound, so that a run costs one restart.
import { setTimeout } from 'node:timers/promises';
import { carryOut, type Ending } from './carry-out.ts';
import { describeRun, drawRun } from './draw-run.ts';
import { Ground } from './ground.ts';
import { Broken, Subject } from './subject.ts';

/** Runs on one playground, whose chains of layers grow with each. */
const runsEach = 12;

export interface CampaignOptions {
  readonly seeds: readonly number[];
  /** After so long no further run is begun. Default: never. */
  readonly limitMs?: number;
  readonly say: (line: string) => void;
}

export interface CampaignReport {
  /** Those that were run. */
  readonly seeds: readonly number[];
  /** How many actions ended so. */
  readonly endings: Readonly<Record<Ending, number>>;
  readonly acknowledged: number;
  /** What did not hold, each with its seed. */
  readonly failures: readonly { readonly seed: number; readonly message: string }[];
}

export async function runCampaign({
  seeds,
  limitMs = Number.POSITIVE_INFINITY,
  say,
}: CampaignOptions): Promise<CampaignReport> {
  const endings = { completed: 0, failed: 0, refused: 0 };
  const failures: { seed: number; message: string }[] = [];
  let acknowledged = 0;
  const done: number[] = [];
  const deadline = performance.now() + limitMs;
  await using ground = await Ground.prepare();
  let subject: Subject | null = null;
  let uses = 0;
  const leave = async (seed: number) => {
    if (subject === null) return;
    acknowledged += subject.listener.heard;
    const { id } = subject;
    subject[Symbol.dispose]();
    subject = null;
    const { status } = await ground.installation.destroy(id);
    const left = await remains(ground);
    if (status !== 'succeeded' || left.length > 0)
      failures.push({ seed, message: `destroy ${status}, left: ${left.join(' ')}` });
  };
  for (const seed of seeds) {
    if (performance.now() > deadline) break;
    done.push(seed);
    const run = drawRun(seed);
    const began = performance.now();
    const tell = (outcome: string) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      say(
        `seed ${String(seed).padEnd(6)} ${outcome.padEnd(10)} ${seconds.padStart(5)} s  ${describeRun(run)}`,
      );
    };
    try {
      if (uses === runsEach) await leave(seed);
      if (subject === null) {
        subject = await begin(ground);
        uses = 0;
      }
      uses += 1;
      const { ending, reason } = await carryOut(ground, subject, run);
      endings[ending] += 1;
      tell(ending);
      if (reason !== null) say(`  ${reason}`);
    } catch (error) {
      const message =
        error instanceof Broken ? error.message : String(error instanceof Error ? error.stack : error);
      failures.push({ seed, message });
      tell('BROKEN');
      say(`  ${message}`);
      for (const line of complaints(ground)) say(`  ${line}`);
      await ground.heal();
      await leave(seed).catch((reason: unknown) => failures.push({ seed, message: String(reason) }));
    }
  }
  await leave(done.at(-1) ?? 0);
  return { seeds: done, endings, acknowledged, failures };
}

/** What is left of a destroyed playground. A merge that it was destroyed in comes to its end, and its layer is collected then. */
async function remains({ installation }: Ground): Promise<readonly string[]> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const left = await installation.leftovers();
    if (left.length === 0 || performance.now() > deadline) return left;
    await setTimeout(500);
  }
}

async function begin({ installation, manifest }: Ground): Promise<Subject> {
  const { playground, operation } = await installation.start(manifest);
  const { status, error } = await installation.ended(operation.id);
  if (status !== 'succeeded') throw new Broken(`its start ${status}: ${JSON.stringify(error)}`);
  const subject = await Subject.hear(installation, playground.id);
  await subject.proveSound();
  await setTimeout(200);
  return subject;
}

/** What engine and server warned of last. */
function complaints({ installation: { engine, server } }: Ground): readonly string[] {
  return [engine, server].flatMap((service) =>
    (service?.output ?? '')
      .split('\n')
      .filter((line) => !/"level":(10|20|30)\b/.test(line) && line !== '')
      .slice(-8)
      .map((line) => line.slice(0, 1500)),
  );
}

/** The last line of a campaign. */
export function summary({ seeds, endings, acknowledged, failures }: CampaignReport): string {
  const { completed, failed, refused } = endings;
  const range = `${seeds[0] ?? 0} to ${seeds.at(-1) ?? 0}`;
  const what = `${completed} completed, ${failed} failed, ${refused} refused`;
  return `${seeds.length} runs, seeds ${range}: ${what}; ${acknowledged} records acknowledged; ${failures.length} broken promises`;
}
