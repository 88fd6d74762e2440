import { expect, test } from 'vitest';
import { bootstrap, bootstrapCommand, type BootstrapOrder } from './bootstrap.ts';

const mirror = {
  lines: ['deb http://deb.example/debian bookworm main'],
  options: ['Acquire::Check-Date "0";'],
};
const source: BootstrapOrder = {
  suite: 'bookworm',
  variant: 'minbase',
  packages: ['systemd', 'sudo'],
  customize: ['/images/debian-12/customize', '/images/docker/customize'],
  target: '/staging/root',
};

test('the command for a source', () => {
  expect(bootstrapCommand(source, mirror)).toMatchInlineSnapshot(`
    [
      "mmdebstrap",
      "--mode=root",
      "--format=directory",
      "--variant=minbase",
      "--architectures=amd64",
      "--aptopt=Apt::Install-Recommends "false"",
      "--aptopt=Acquire::Languages "none"",
      "--aptopt=Acquire::Check-Date "0";",
      "--include=systemd,sudo",
      "--customize-hook=/images/debian-12/customize",
      "--customize-hook=/images/docker/customize",
      "bookworm",
      "/staging/root",
      "deb http://deb.example/debian bookworm main",
    ]
  `);
});

test('the command that only unpacks a package', () => {
  const order: BootstrapOrder = { ...source, variant: 'extract', packages: [], customize: [] };
  expect(bootstrapCommand(order, { ...mirror, options: [] })).toMatchInlineSnapshot(`
    [
      "mmdebstrap",
      "--mode=root",
      "--format=directory",
      "--variant=extract",
      "--architectures=amd64",
      "--aptopt=Apt::Install-Recommends "false"",
      "--aptopt=Acquire::Languages "none"",
      "bookworm",
      "/staging/root",
      "deb http://deb.example/debian bookworm main",
    ]
  `);
});

test('what it says is heard line by line, and it can be cancelled', async () => {
  const { signal } = new AbortController();
  const heard: string[] = [];
  await bootstrap(source, mirror, { signal, onLine: (line) => heard.push(line) }, async (argv, options) => {
    expect(argv).toContain('mmdebstrap');
    expect(options?.signal).toBe(signal);
    options?.onLine?.('I: installing');
    return { stdout: '', stderr: '', exitCode: 0 };
  });
  expect(heard).toEqual(['I: installing']);
});
