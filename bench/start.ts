// Cold start through the platform against the same image booted by plain QEMU with the same arguments, in pairs: from the
// command to the first answered SSH command.
import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Installation } from '../tests/end-to-end/support/installation.ts';
import { repository } from '../tests/end-to-end/support/locations.ts';
import { runOk } from '../tests/end-to-end/support/process.ts';
import { median, timed } from './measure.ts';
import type { Row } from './row.ts';

const pairs = 5;
const bar = 1.15;

/** One pair, in seconds, and the platform’s steps in milliseconds. */
interface Sample {
  readonly plain: number;
  readonly platform: number;
  readonly steps: Readonly<Record<string, number>>;
}

export async function benchStart(): Promise<readonly Row[]> {
  await using installation = await Installation.running({ hostNetwork: true });
  const platform = new Platform(installation);
  const plain = await PlainQemu.like(installation, platform);
  const samples: Sample[] = [];
  for (let index = 0; index < pairs; index++) {
    // Each is first in every other pair, so that a drift of the machine’s speed favours neither.
    const order = index % 2 === 0 ? [plain, platform] : [platform, plain];
    const seconds = { plain: 0, platform: 0 };
    for (const side of order) seconds[side.name] = await side.start();
    samples.push({ ...seconds, steps: platform.steps });
    process.stdout.write(`  pair ${index + 1}: ${JSON.stringify(samples.at(-1))}\n`);
  }
  await plain.release();
  const ratios = samples.map((sample) => sample.platform / sample.plain);
  const middle = (name: 'platform' | 'plain') => median(samples.map((sample) => sample[name])).toFixed(2);
  const labels = Object.keys(samples[0]?.steps ?? {});
  const stepNotes = labels.map(
    (label) => `${label}: ${median(samples.map(({ steps }) => steps[label] ?? 0)).toFixed(0)} ms`,
  );
  const notes = [
    `platform ${middle('platform')} s, plain QEMU ${middle('plain')} s (medians of ${pairs})`,
    ...stepNotes,
  ];
  return [{ name: 'cold start ÷ plain QEMU', figure: median(ratios), unit: '×', bar, samples, notes }];
}

/** Starts by the `playhouse` command, as a user would. */
class Platform {
  readonly name = 'platform';
  readonly #installation: Installation;
  /** Milliseconds of each step of the latest start. */
  steps: Record<string, number> = {};

  constructor(installation: Installation) {
    this.#installation = installation;
  }

  /** Seconds from the command to the first answer. The playground is destroyed afterwards. */
  async start(): Promise<number> {
    const began = performance.now();
    const id = await this.begin();
    await timed([`${repository}/playhouse`, 'ssh', id, '--', 'true'], this.#installation.env);
    const seconds = (performance.now() - began) / 1000;
    const { operationId } = await this.#installation.playground(id);
    const { steps } = await this.#installation.ended(operationId);
    this.steps = Object.fromEntries(steps.map(({ label, durationMs }) => [label, durationMs ?? 0]));
    await this.#installation.destroy(id);
    return seconds;
  }

  async begin(): Promise<string> {
    const { stdout } = await timed(
      [`${repository}/playhouse`, 'playground', 'start', 'debian', '-q'],
      this.#installation.env,
    );
    return stdout.trim();
  }
}

/** Boots the argument list of a machine that the platform started, on a fresh overlay, without the platform. */
class PlainQemu {
  readonly name = 'plain';
  readonly #argv: readonly string[];
  readonly #overlay: string;
  readonly #base: string;
  readonly #edge: string;
  readonly #folder: string;
  readonly #release: () => Promise<void>;

  private constructor(
    argv: readonly string[],
    base: string,
    edge: string,
    folder: string,
    release: () => Promise<void>,
  ) {
    this.#argv = argv;
    this.#overlay = `${folder}/overlay.qcow2`;
    this.#base = base;
    this.#edge = edge;
    this.#folder = folder;
    this.#release = release;
  }

  /** Takes the command line, network and configuration of a playground whose machine is then ended. */
  static async like(installation: Installation, platform: Platform): Promise<PlainQemu> {
    const id = await platform.begin();
    const { number, machines } = await installation.playground(id);
    const [pid = 0] = await installation.machineProcesses();
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
    const { id: tag } = JSON.parse(
      await readFile(`${installation.state}/engine/installation.json`, 'utf8'),
    ) as { id: string };
    process.kill(pid, 'SIGKILL');
    const folder = `${installation.state}/home`;
    const drive = words.find((word) => word.includes('"backing"')) ?? '{}';
    const { file, backing } = JSON.parse(drive) as {
      file: { filename: string };
      backing: { file: { filename: string } };
    };
    const plain = words
      .filter((word) => word !== '-S')
      .map((word) => word.replace(file.filename, `${folder}/overlay.qcow2`))
      .map((word) =>
        word.replaceAll(/(path=|unix:)?[^=:",\s]+\/(\S+?)\.(qmp|agent|pid)/g, `$1${folder}/plain.$3`),
      );
    await writeFile(`${folder}/plain.argv.json`, JSON.stringify(plain, null, 1));
    const argv = ['nsenter', `--net=/run/netns/ph${tag}-${number}`, '--', ...plain];
    const edge = machines[0]?.edgeAddress ?? '';
    const release = async () => void (await installation.destroy(id));
    return new PlainQemu(argv, backing.file.filename, edge, folder, release);
  }

  async start(): Promise<number> {
    await rm(this.#overlay, { force: true });
    const began = performance.now();
    await runOk([
      'qemu-img',
      'create',
      '-q',
      '-f',
      'qcow2',
      '-F',
      'qcow2',
      '-b',
      this.#base,
      this.#overlay,
      '10G',
    ]);
    const [file = '', ...rest] = this.#argv;
    const child = spawn(file, rest, { stdio: 'inherit' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      while (!(await answers(this.#edge))) {
        if (child.exitCode !== null) throw new Error(`plain QEMU ended with ${child.exitCode}`);
        await setTimeout(50);
      }
      const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'].flatMap(
        (option) => ['-o', option],
      );
      const identity = `${this.#folder}/.config/playhouse/ssh_identity`;
      await runOk(['ssh', ...options, '-i', identity, `laborant@${this.#edge}`, 'true']);
      return (performance.now() - began) / 1000;
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
  }

  async release(): Promise<void> {
    await this.#release();
  }
}

async function answers(host: string): Promise<boolean> {
  const socket = connect({ host, port: 22, timeout: 2000 });
  const greeting = await new Promise<boolean>((resolve) => {
    socket.once('data', () => resolve(true));
    for (const event of ['error', 'timeout', 'close'] as const) socket.once(event, () => resolve(false));
  });
  socket.destroy();
  return greeting;
}
