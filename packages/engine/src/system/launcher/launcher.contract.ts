// What everybody who starts programs must do, as a suite that runs over each of them with real programs.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { identify, isAlive, killAndWait } from '../process-identity.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { type Launcher, mostOutputBytes } from './launcher.ts';

/** Registers the suite; `open` is called once, before the first test. */
export function describeLauncher(open: () => Promise<Launcher>): void {
  let opened: Promise<Launcher> | undefined;
  const launcher = async () => await (opened ??= open());
  const run: Launcher['run'] = async (argv, options) => await (await launcher()).run(argv, options);

  test('gives output and exit code, whatever the code', async () => {
    const result = await run(['sh', '-c', 'echo out; echo err >&2; exit 3']);
    expect(result).toEqual({ stdout: 'out\n', stderr: 'err\n', exitCode: 3 });
  });

  test('arguments are never read by a shell', async () => {
    expect((await run(['printf', '%s', '$HOME `id` ; "x"', ''])).stdout).toBe('$HOME `id` ; "x"');
  });

  test('passes input on, also more of it than a pipe holds, and characters of all kinds', async () => {
    const input = 'ä€😀\n'.repeat(100_000);
    expect((await run(['cat'], { input })).stdout).toBe(input);
    expect((await run(['cat'], { input: Buffer.from('bytes') })).stdout).toBe('bytes');
  });

  test('a program without input meets the end of it at once', async () => {
    expect(await run(['cat'])).toEqual({ stdout: '', stderr: '', exitCode: 0 });
    expect(await run(['cat'], { input: '' })).toEqual({ stdout: '', stderr: '', exitCode: 0 });
  });

  test('a program that does not read its input is none the worse', async () => {
    expect((await run(['true'], { input: 'x'.repeat(1_000_000) })).exitCode).toBe(0);
  });

  test('runs where it is told, in the engine’s environment, speaking no language', async () => {
    const cwd = await temporaryDirectory();
    expect((await run(['pwd'], { cwd })).stdout).toBe(`${cwd}\n`);
    const { stdout } = await run(['sh', '-c', 'echo "$LC_ALL|$PATH"']);
    expect(stdout).toBe(`C.UTF-8|${process.env['PATH']}\n`);
    const names = (await run(['env'])).stdout.split('\n').filter((line) => line.startsWith('LC_ALL='));
    expect(names).toEqual(['LC_ALL=C.UTF-8']);
  });

  test('begins with no signal blocked or ignored', async () => {
    const { stdout } = await run(['sh', '-c', 'grep -E "^Sig(Blk|Ign)" /proc/self/status']);
    const [blocked, ignored] = stdout.trim().split('\n');
    expect([blocked, ignored]).toEqual(['SigBlk:\t0000000000000000', 'SigIgn:\t0000000000000000']);
  });

  test('lines of both streams are heard as they come, also of a program that fails', async () => {
    const heard: string[] = [];
    const command = ['sh', '-c', 'echo one; echo two >&2; printf "drei\\r\\nvi\\303\\251r"; exit 1'];
    const { exitCode } = await run(command, { onLine: (line) => heard.push(line) });
    expect(exitCode).toBe(1);
    expect(heard.toSorted()).toEqual(['drei', 'one', 'two', 'viér']);
  });

  test('lines are heard before the program ends', async () => {
    const flag = `${await temporaryDirectory()}/heard`;
    const command = ['sh', '-c', `echo begun; until [ -e ${flag} ]; do sleep 0.02; done`];
    const { exitCode } = await run(command, { onLine: () => void writeFile(flag, ''), timeoutMs: 20_000 });
    expect(exitCode).toBe(0);
  });

  test('what the listener of lines throws ends the program', async () => {
    const began = performance.now();
    const onLine = () => {
      throw new Error('enough');
    };
    await expect(run(['sh', '-c', 'echo one; exec sleep 20'], { onLine })).rejects.toThrow('enough');
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test.each([{}, { onLine: () => {} }])(
    'a program that is not installed, ends too late, or is cancelled (%o)',
    async (options) => {
      await expect(run(['playhouse-no-such-program'], options)).rejects.toMatchObject({
        code: 'command-missing',
      });
      await expect(run(['sleep', '20'], { ...options, timeoutMs: 50 })).rejects.toMatchObject({
        code: 'command-timeout',
      });
      const signal = AbortSignal.timeout(50);
      await expect(run(['sleep', '20'], { ...options, signal })).rejects.toMatchObject({ code: 'cancelled' });
      const aborted = AbortSignal.abort();
      await expect(run(['sleep', '20'], { ...options, signal: aborted })).rejects.toMatchObject({
        code: 'cancelled',
      });
    },
  );

  test('a program that does not want to end is killed when its grace is over', async () => {
    const began = performance.now();
    const stubborn = ['sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done'];
    await expect(run(stubborn, { timeoutMs: 100, graceMs: 400 })).rejects.toMatchObject({
      code: 'command-timeout',
    });
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(490);
    expect(took).toBeLessThan(10_000);
  });

  test('a program that is killed by somebody else has failed', async () => {
    const { exitCode, stderr } = await run(['sh', '-c', 'echo said >&2; kill -9 $$']);
    expect(exitCode).toBe(-1);
    expect(stderr).toContain('said');
    expect(stderr).toContain('SIGKILL');
  });

  test('a program that cannot be run has failed', async () => {
    const file = `${await temporaryDirectory()}/no-program`;
    await writeFile(file, 'text', { mode: 0o600 });
    expect((await run([file])).exitCode).toBe(-1);
  });

  test('a word that would end early is refused', async () => {
    await expect(run(['printf', 'a\0b'])).rejects.toThrow(/NUL|null/);
  });

  test('a program that says too much has failed', { timeout: 60_000 }, async () => {
    const { exitCode, stdout, stderr } = await run(['head', '-c', '40000000', '/dev/zero']);
    expect(exitCode).toBe(-1);
    expect(stdout.length).toBe(mostOutputBytes);
    expect(stderr).toContain('it said more than');
  });

  test('many programs at once, each with its own output', { timeout: 60_000 }, async () => {
    const numbers = Array.from({ length: 100 }, (_, index) => String(index));
    const results = await Promise.all(
      numbers.map(async (number) => await run(['sh', '-c', `cat; echo ${number}`], { input: `${number} ` })),
    );
    expect(results.map(({ stdout }) => stdout)).toEqual(numbers.map((number) => `${number} ${number}\n`));
  });

  test('a detached program is in a session of its own, with its output in a file for its owner', async () => {
    const output = `${await temporaryDirectory()}/log`;
    const { pid, exited } = await (
      await launcher()
    ).startDetached(['sh', '-c', 'echo out; echo err >&2; cat; ps -o sid= -p $$; exit 4'], output);
    expect(await exited).toBe(4);
    expect((await readFile(output, 'utf8')).replaceAll(' ', '')).toBe(`out\nerr\n${pid}\n`);
    expect((await stat(output)).mode & 0o777).toBe(0o600);
  });

  test('tells by which signal a detached program ended, and that one did not start', async () => {
    const output = `${await temporaryDirectory()}/log`;
    const killed = await (await launcher()).startDetached(['sleep', '60'], output);
    const sleeper = identify(killed.pid ?? 0);
    expect(sleeper).not.toBeNull();
    if (sleeper) await killAndWait(sleeper);
    expect(await killed.exited).toBe('SIGKILL');
    const missing = await (await launcher()).startDetached(['playhouse-no-such-program'], output);
    expect(missing.pid).toBeNull();
    expect(await missing.exited).toContain('ENOENT');
  });

  test('a detached program whose output cannot be kept is not started', async () => {
    const folder = await temporaryDirectory();
    const start = (await launcher()).startDetached(['touch', `${folder}/started`], `${folder}/none/log`);
    await expect(start).rejects.toThrow('ENOENT');
    await setTimeout(50);
    await expect(stat(`${folder}/started`)).rejects.toThrow('ENOENT');
  });

  test('a detached program has no end of its own accord', async () => {
    const output = `${await temporaryDirectory()}/log`;
    const { pid } = await (await launcher()).startDetached(['sleep', '60'], output);
    const sleeper = identify(pid ?? 0);
    if (!sleeper) throw new Error('no process');
    await run(['true']);
    expect(isAlive(sleeper)).toBe(true);
    await killAndWait(sleeper);
  });
}
