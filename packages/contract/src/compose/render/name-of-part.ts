import { isRemoved } from '../policy/host-policy.ts';
import type { ComposeData } from './read-rendered.ts';
import type { RenderOptions } from './render-options.ts';

/** The name that Compose would give a network or volume, unless a name of its own is allowed. */
export function nameOfPart(
  key: string,
  written: ComposeData,
  rule: 'network-name' | 'volume-name',
  { project, policy }: Pick<RenderOptions, 'project' | 'policy'>,
): string {
  const { name } = written;
  return typeof name === 'string' && !isRemoved(policy, rule) ? name : `${project}_${key}`;
}
