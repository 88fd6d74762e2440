// The kinds of virtual machine that machines run as. The smallest is the fastest to boot, so a machine that fits into it runs
// as it; one that does not runs as the next larger, and whoever starts it is told.

/** From the smallest to the largest, with the devices that each has room for. */
const room = {
  /** QEMU’s microvm: virtio-mmio transports, 24 of them. */
  microvm: 24,
  /** The same with a PCI Express bus: 30 free slots of 8 functions. */
  'microvm-pcie': 240,
} as const;

export type MachineType = keyof typeof room;

export const machineTypes = Object.keys(room) as readonly MachineType[];

/** What every machine has beside its drives and network cards: config drive, modules drive, agent port, random numbers. */
export const platformDevices = 4;

/** What counts of a machine: how many drives its manifest lists, and how many network cards. */
export interface MachineParts {
  readonly drives: number;
  readonly interfaces: number;
}

/** How many devices the type has room for, the platform’s own included. */
export function deviceRoom(type: MachineType): number {
  return room[type];
}

/** How many devices a machine has, the platform’s own included. */
export function deviceCount({ drives, interfaces }: MachineParts): number {
  return drives + interfaces + platformDevices;
}

/** The smallest type that has room for the machine. The manifest’s limits keep every machine within the largest. */
export function machineTypeFor(parts: MachineParts): MachineType {
  const count = deviceCount(parts);
  return machineTypes.find((type) => count <= room[type]) ?? 'microvm-pcie';
}
