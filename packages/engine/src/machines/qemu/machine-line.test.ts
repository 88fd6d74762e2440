import { expect, test } from 'vitest';
import type { MachineSpec } from '../machine-driver.ts';
import { hardware, machineLine } from './machine-line.ts';

const spec: MachineSpec = {
  id: '65f0c0ffee65f0c0ffee0042/0',
  name: 'vm-1',
  type: 'microvm',
  cpuCount: 2,
  ramBytes: 512 * 1024 ** 2 + 1,
  kernel: { image: '/k/vmlinuz', initramfs: '/k/initramfs', commandLine: 'console=ttyS0 quiet' },
  drives: [
    {
      serial: 'root',
      readOnly: false,
      chain: [
        { path: '/p/root.qcow2', format: 'qcow2' },
        { path: '/p/middle.qcow2', format: 'qcow2' },
        { path: '/s/layer.qcow2', format: 'qcow2' },
      ],
    },
    { serial: 'config', readOnly: true, chain: [{ path: '/p/config.tar', format: 'raw' }] },
  ],
  interfaces: [{ tap: 'tap0-0', mac: '02:70:68:00:01:01' }],
  memory: null,
  enterNetwork: ['nsenter', '--net=/run/netns/x', '--'],
  consoleLog: '/p/console-1.log',
  processLog: '/p/qemu.log',
  agentSocket: '/r/x.agent',
  controlSocket: '/r/x.qmp',
  pidFile: '/r/x.pid',
};
const options = { accelerator: 'tcg', user: 'playhouse-vm', version: [7, 2] } as const;

interface Node {
  readonly driver: string;
  readonly file?: Node & { readonly filename: string };
  readonly backing?: Node | null;
  readonly 'read-only'?: boolean;
}

const blockNodes = (line: readonly string[]): Node[] =>
  line.flatMap((word, index) => (line[index - 1] === '-blockdev' ? [JSON.parse(word) as Node] : []));

test('the whole line', () => {
  expect(machineLine(spec, options)).toMatchInlineSnapshot(`
    [
      "qemu-system-x86_64",
      "-name",
      "playhouse-65f0c0ffee65f0c0ffee0042-0",
      "-nodefaults",
      "-no-user-config",
      "-display",
      "none",
      "-no-reboot",
      "-M",
      "microvm,memory-backend=ram0",
      "-object",
      "memory-backend-ram,id=ram0,size=513M",
      "-accel",
      "tcg,thread=multi,tb-size=256",
      "-cpu",
      "max",
      "-smp",
      "2",
      "-m",
      "513M",
      "-kernel",
      "/k/vmlinuz",
      "-initrd",
      "/k/initramfs",
      "-append",
      "console=ttyS0 quiet",
      "-chardev",
      "file,id=console,path=/p/console-1.log,append=on",
      "-serial",
      "chardev:console",
      "-device",
      "virtio-serial-device,id=serial0",
      "-chardev",
      "socket,id=agent,path=/r/x.agent,server=on,wait=off",
      "-device",
      "virtserialport,bus=serial0.0,chardev=agent,name=playhouse.0",
      "-object",
      "rng-random,id=rng0,filename=/dev/urandom",
      "-device",
      "virtio-rng-device,rng=rng0",
      "-blockdev",
      "{"driver":"qcow2","file":{"driver":"file","filename":"/p/root.qcow2"},"backing":{"driver":"qcow2","file":{"driver":"file","filename":"/p/middle.qcow2","read-only":true,"locking":"off"},"backing":{"driver":"qcow2","file":{"driver":"file","filename":"/s/layer.qcow2","read-only":true,"locking":"off"},"backing":null,"read-only":true},"read-only":true},"node-name":"drive0","discard":"unmap"}",
      "-device",
      "virtio-blk-device,drive=drive0,serial=root",
      "-blockdev",
      "{"driver":"raw","file":{"driver":"file","filename":"/p/config.tar","read-only":true},"node-name":"drive1","read-only":true}",
      "-device",
      "virtio-blk-device,drive=drive1,serial=config",
      "-netdev",
      "tap,id=net0,ifname=tap0-0,script=no,downscript=no",
      "-device",
      "virtio-net-device,netdev=net0,mac=02:70:68:00:01:01",
      "-qmp",
      "unix:/r/x.qmp,server=on,wait=off",
      "-sandbox",
      "on,obsolete=deny,spawn=deny,resourcecontrol=deny",
      "-runas",
      "playhouse-vm",
      "-pidfile",
      "/r/x.pid",
      "-S",
    ]
  `);
});

test('with a PCI bus it has the same devices in the same order', () => {
  const devices = (line: readonly string[]) =>
    line
      .filter((_, index) => line[index - 1] === '-device')
      .map((word) => word.replace(/-(device|pci)\b/, ''));
  const pcie = machineLine({ ...spec, type: 'microvm-pcie' }, options);
  expect(pcie).toContain('microvm,pcie=on,memory-backend=ram0');
  const places = /,bus=pcie\.0,.*/;
  expect(devices(pcie).map((device) => device.replace(places, ''))).toEqual(
    devices(machineLine(spec, options)),
  );
});

test('a machine that does not fit into its type is not started', () => {
  const drives = Array.from({ length: 22 }, () => spec.drives[1]).flatMap((drive) => drive ?? []);
  expect(() => machineLine({ ...spec, drives }, options)).toThrow(RangeError);
  expect(() => machineLine({ ...spec, drives, type: 'microvm-pcie' }, options)).not.toThrow();
});

test('every layer below the first is read-only, and its backing is spelled out to the end', () => {
  const [root] = blockNodes(machineLine(spec, options));
  expect(root?.['read-only']).toBeUndefined();
  const layers: Node[] = [];
  for (let node = root?.backing; node; node = node.backing) layers.push(node);
  expect(layers.map(({ file }) => file?.filename)).toEqual(['/p/middle.qcow2', '/s/layer.qcow2']);
  for (const layer of layers) {
    expect(layer['read-only']).toBe(true);
    expect(layer.file?.['read-only']).toBe(true);
  }
  expect(layers.at(-1)?.backing).toBeNull();
});

test('a read-only drive is so for QEMU as well', () => {
  const [, config] = blockNodes(machineLine(spec, options));
  expect(config).toMatchObject({ driver: 'raw', 'read-only': true, file: { 'read-only': true } });
});

test.each([
  [
    [7, 2],
    ['-runas', 'playhouse-vm'],
  ],
  [
    [9, 0],
    ['-runas', 'playhouse-vm'],
  ],
  [
    [9, 1],
    ['-run-with', 'user=playhouse-vm'],
  ],
  [
    [10, 0],
    ['-run-with', 'user=playhouse-vm'],
  ],
] as const)('QEMU %s drops its privileges with %s', (version, words) => {
  const line = machineLine(spec, { ...options, version });
  expect(line.join(' ')).toContain(words.join(' '));
  expect(line.includes('-runas')).not.toBe(line.includes('-run-with'));
});

test('a machine never runs as root', () => {
  for (const user of ['root', '0', ''])
    expect(() => machineLine(spec, { ...options, user })).toThrow(RangeError);
});

test('the accelerator decides on processor and timers', () => {
  const small = { type: 'microvm', cpuCount: 1, ramBytes: 1024 ** 3 } as const;
  expect(hardware(small, 'kvm')).toEqual(hardware(small, 'nested'));
  expect(hardware(small, 'kvm').join(' ')).toContain('-accel kvm -cpu host -smp 1 -m 1024M');
});

test('a machine that goes on maps its memory image privately and waits for its devices', () => {
  const memory = { image: '/l/x.ram', devices: Buffer.alloc(1) };
  const line = machineLine({ ...spec, memory }, options);
  expect(line).toContain('memory-backend-file,id=ram0,size=513M,mem-path=/l/x.ram,share=off');
  expect(line.slice(-4)).toEqual([
    '-global',
    'migration.send-configuration=off',
    '-incoming',
    'unix:/r/x.qmp.incoming',
  ]);
  // All else is as it was: the guest finds the devices that it knows.
  const rest = (words: readonly string[]) => words.filter((word) => !word.startsWith('memory-backend'));
  expect(rest(line.slice(0, -4))).toEqual(rest(machineLine(spec, options)));
});
