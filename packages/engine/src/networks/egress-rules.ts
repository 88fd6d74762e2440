import { type Egress, isCidr } from '@playhouse/contract/manifest/egress';

/** How long an address stays reachable after its name was looked up: longer than most programs keep what they looked up. */
const namedFor = '1h';

/** The sets and the end of the road out for an egress policy, as lines for `nft`. The resolver fills the set `named`. */
export function egressRules(egress: Egress): { readonly sets: string; readonly rules: readonly string[] } {
  if (egress === 'open') return { sets: '', rules: ['accept'] };
  const refuse = 'reject with icmpx admin-prohibited';
  if (egress === 'none') return { sets: '', rules: [refuse] };
  const ranges = egress.filter(isCidr).join(', ');
  const listed = ranges === '' ? '' : `elements = { ${ranges} } `;
  return {
    sets: `  set listed { type ipv4_addr; flags interval; auto-merge; ${listed}}
  set named { type ipv4_addr; flags timeout; timeout ${namedFor}; size 65535; }
`,
    rules: ['ip daddr @listed accept', 'ip daddr @named accept', refuse],
  };
}
