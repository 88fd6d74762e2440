import type { Egress } from '@playhouse/contract/manifest/egress';

/** Everything needed to wire one playground: pure data, made from the manifest and the playground’s edge slice. */
export interface PlaygroundNetwork {
  /** Name of the netns and of the host’s end of the veth pair; at most 15 characters. */
  readonly name: string;
  /** Owner tag, kept as the alias of the host’s interface. */
  readonly owner: string;
  readonly edge: { readonly host: string; readonly inner: string; readonly prefixLength: number };
  readonly bridges: readonly Bridge[];
  readonly taps: readonly Tap[];
  /** Which host-side address stands for which machine address when the host calls. */
  readonly entries: readonly Translation[];
  /** As which host-side address a machine address goes out; those on private networks never do. */
  readonly exits: readonly Translation[];
  /** What machines may reach outside. */
  readonly egress: Egress;
  /** Every name of the playground with its address, in the order of the manifest. */
  readonly names: readonly { readonly address: string; readonly names: readonly string[] }[];
}

/** One network of the manifest: a bridge in the netns that holds the gateway’s address. */
export interface Bridge {
  readonly device: string;
  readonly mac: string;
  readonly gateway: string;
  /** CIDR form. */
  readonly subnet: string;
  readonly prefixLength: number;
  /** True when nothing of it is let out. */
  readonly private: boolean;
}

/** The host’s end of one machine interface, a port of its network’s bridge. */
export interface Tap {
  readonly device: string;
  readonly bridge: string;
  /** The only hardware address that may speak here. */
  readonly mac: string;
  /** The only address of the network’s subnet that may speak here. */
  readonly address: string;
}

export interface Translation {
  readonly edge: string;
  readonly machine: string;
}
