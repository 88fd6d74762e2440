/** Everything needed to wire one playground: pure data, made from the manifest and the playground’s edge slice. */
export interface PlaygroundNetwork {
  /** Name of the netns and of the host’s end of the veth pair; at most 15 characters. */
  readonly name: string;
  /** Owner tag, kept as the alias of the host’s interface. */
  readonly owner: string;
  readonly edge: { readonly host: string; readonly inner: string; readonly prefixLength: number };
  readonly bridges: readonly Bridge[];
  readonly taps: readonly Tap[];
  /** Which host-side address stands for which machine address. */
  readonly translations: readonly { readonly edge: string; readonly machine: string }[];
}

/** One network of the manifest: a bridge in the netns that holds the gateway’s address. */
export interface Bridge {
  readonly device: string;
  readonly gateway: string;
  readonly prefixLength: number;
}

/** The host’s end of one machine interface, a port of its network’s bridge. */
export interface Tap {
  readonly device: string;
  readonly bridge: string;
}
