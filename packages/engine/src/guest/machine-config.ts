/** One network interface as the machine sees it. */
export interface InterfaceConfig {
  /** As in the machine: `eth0`. */
  readonly name: string;
  /** Hardware address, by which init finds it: `52:54:00:12:34:56`. */
  readonly mac: string;
  /** `172.16.0.2/24`, or null for an interface without an address. */
  readonly address: string | null;
  /** The default route's next hop, on at most one interface. */
  readonly gateway: string | null;
  readonly mtu?: number;
}

/** An OpenSSH key pair: the private key's file and the line of its .pub file (ed25519). */
export interface SshKeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** A user that exists in the image. */
export interface UserConfig {
  readonly name: string;
  /** Lines for ~/.ssh/authorized_keys, added to those that are there. */
  readonly authorizedKeys: readonly string[];
  /** Lines taken out of it: who could log in to what the machine is a copy of, and may not here. */
  readonly withdrawnKeys: readonly string[];
  /** The key that ssh offers to other machines; null gives none. */
  readonly identity: SshKeyPair | null;
  /** Written to ~/.welcome; null leaves the image's. */
  readonly welcome: string | null;
}

/** A file written before the image's init starts. */
export interface StartupFileConfig {
  /** Absolute. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** `0:0`, `laborant`, `laborant:users`: looked up in the image. */
  readonly owner: string;
  /** Permission bits. */
  readonly mode: number;
  readonly append: boolean;
}

/** A drive that is mounted before the image's init starts. */
export interface DriveConfig {
  /** Virtio serial number, by which init finds it. */
  readonly serial: string;
  /** As the machine sees it: `/dev/vdb`. */
  readonly device: string;
  /** Absolute, without spaces. */
  readonly mount: string;
  readonly filesystem: string;
  readonly readOnly: boolean;
}

/** What makes a machine of an image: everything that the config drive carries. */
export interface MachineConfig {
  readonly hostname: string;
  /** The text of /etc/hosts. */
  readonly hosts: string;
  /** Addresses for /etc/resolv.conf; none leaves the image's file. */
  readonly nameservers: readonly string[];
  readonly searchDomains?: readonly string[];
  readonly interfaces: readonly InterfaceConfig[];
  readonly users: readonly UserConfig[];
  readonly sshHostKey: SshKeyPair | null;
  /** Lines of a known_hosts file: the machines that this one trusts at first sight. */
  readonly knownHosts: readonly string[];
  readonly startupFiles: readonly StartupFileConfig[];
  /** 32 hex digits; null makes a fresh one if the image has none. */
  readonly machineId: string | null;
  /** Startup files, welcome texts and lines of fstab are written once per value; null writes them at every boot. */
  readonly startupId: string | null;
  /** Drives beside the root drive that are mounted; they get a line in /etc/fstab too. */
  readonly drives: readonly DriveConfig[];
}
