// The machines of a playground, booted again without the platform: the same command lines in the same networks, on fresh
// overlays of the same base layers. What the platform costs is what it takes longer than this.
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { BootSlots } from '../packages/engine/src/playgrounds/boot-slots.ts';
import type { Installation } from '../tests/end-to-end/support/installation.ts';
import { runOk } from '../tests/end-to-end/support/process.ts';

interface Overlay {
  readonly base: string;
  readonly path: string;
}

interface PlainMachine {
  readonly argv: readonly string[];
  readonly overlays: readonly Overlay[];
  /** `user@address` that answers once the machine is up. */
  readonly login: string;
}

/** A writable drive as the command line spells it. */
interface DriveOption {
  readonly file: { readonly filename: string };
  readonly backing?: { readonly file: { readonly filename: string } };
}

export class PlainQemu {
  readonly name = 'plain';
  readonly #machines: readonly PlainMachine[];
  readonly #identity: string;
  readonly #slots: BootSlots;

  private constructor(machines: readonly PlainMachine[], identity: string, parallel: number) {
    this.#machines = machines;
    this.#identity = identity;
    this.#slots = new BootSlots(parallel);
  }

  /** Takes the machines of a running playground, ends them, and keeps their networks. At most `parallel` boot at a time. */
  static async like(installation: Installation, id: string, parallel: number): Promise<PlainQemu> {
    const { number, machines } = await installation.playground(id);
    const tag = (
      JSON.parse(await readFile(`${installation.state}/engine/installation.json`, 'utf8')) as { id: string }
    ).id;
    const enter = ['nsenter', `--net=/run/netns/ph${tag}-${number}`, '--'];
    const folder = `${installation.state}/home`;
    const pids = await installation.machineProcesses();
    const lines = await Promise.all(pids.map(async (pid) => await commandLine(pid)));
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    const plain = machines.map(({ edgeAddress, defaultUser }, index): PlainMachine => {
      const line = lines.find((words) => words.includes(`playhouse-${id}-${index}`)) ?? [];
      const place = `${folder}/plain-${index}`;
      return { ...withoutPlatform(line, place, enter), login: `${defaultUser}@${edgeAddress ?? ''}` };
    });
    return new PlainQemu(plain, `${folder}/.config/playhouse/ssh_identity`, parallel);
  }

  /** Seconds from nothing to an SSH command answered by every machine. They are ended afterwards. */
  async start(): Promise<number> {
    const began = performance.now();
    const running = await Promise.all(this.#machines.map(async (machine) => await this.#boot(machine)));
    const seconds = (performance.now() - began) / 1000;
    await Promise.all(running.map(async (end) => await end()));
    return seconds;
  }

  async #boot({ argv, overlays, login }: PlainMachine): Promise<() => Promise<void>> {
    const release = await this.#slots.take(new AbortController().signal);
    for (const { base, path } of overlays) {
      await rm(path, { force: true });
      await runOk(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', base, path, '10G']);
    }
    const [file = '', ...rest] = argv;
    const child = spawn(file, rest, { stdio: 'inherit' });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const [, host = ''] = login.split('@');
    while (!(await answers(host))) {
      if (child.exitCode !== null) throw new Error(`plain QEMU ended with ${child.exitCode}`);
      await setTimeout(50);
    }
    release();
    await runOk(['ssh', ...sshOptions, '-i', this.#identity, login, 'true']);
    return async () => {
      child.kill('SIGKILL');
      await ended;
    };
  }
}

const sshOptions = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'].flatMap(
  (option) => ['-o', option],
);

async function commandLine(pid: number): Promise<readonly string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
}

/** The command line with overlays and sockets of its own, which does not wait for the platform to let it go. */
function withoutPlatform(
  line: readonly string[],
  place: string,
  enter: readonly string[],
): Pick<PlainMachine, 'argv' | 'overlays'> {
  const overlays: Overlay[] = [];
  const words = line
    .filter((word) => word !== '-S')
    .map((word) => {
      const drive = word.startsWith('{') ? (JSON.parse(word) as DriveOption) : null;
      if (!drive?.backing) return word;
      const path = `${place}-${overlays.length}.qcow2`;
      overlays.push({ base: drive.backing.file.filename, path });
      return word.replace(drive.file.filename, path);
    })
    .map((word) => word.replaceAll(/(path=|unix:)?[^=:",\s]+\/(\S+?)\.(qmp|agent|pid)/g, `$1${place}.$3`));
  return { argv: [...enter, ...words], overlays };
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
