// Where QEMU plugs a machine’s virtio devices in. The guest finds them in the order in which they were plugged in, whatever
// the machine type: that makes the first drive /dev/vda.
import { deviceRoom, type MachineType } from '@playhouse/contract/machine-type';

/** Says how a device is written on the command line; asked once for each device, in order. */
export type PlugIn = (device: VirtioDevice, properties: string) => readonly string[];

export type VirtioDevice = 'virtio-blk' | 'virtio-net' | 'virtio-rng' | 'virtio-serial';

/** The value of `-M` for a machine type. */
export const machineOption = {
  microvm: 'microvm',
  'microvm-pcie': 'microvm,pcie=on',
} as const satisfies Record<MachineType, string>;

const functionsPerSlot = 8;
/** Slot 0 is the bus’s own. */
const firstSlot = 1;

/** An empty machine of this type. It throws at the first device that it has no room for. */
export function emptyBus(type: MachineType): PlugIn {
  let count = 0;
  return (device, properties) => {
    if (count >= deviceRoom(type)) throw new RangeError(`a ${type} has room for ${count} devices`);
    const position = count++;
    return ['-device', type === 'microvm' ? onMmio(device, properties) : onPci(device, properties, position)];
  };
}

function onMmio(device: VirtioDevice, properties: string): string {
  return `${device}-device,${properties}`;
}

/** Eight devices share a slot as its functions. Boot ROMs of network cards are of no use: the kernel is given directly. */
function onPci(device: VirtioDevice, properties: string, position: number): string {
  const slot = firstSlot + Math.floor(position / functionsPerSlot);
  const address = `addr=0x${slot.toString(16)}.${position % functionsPerSlot},multifunction=on`;
  const rom = device === 'virtio-net' ? ',romfile=' : '';
  return `${device}-pci,${properties},bus=pcie.0,${address},disable-legacy=on${rom}`;
}
