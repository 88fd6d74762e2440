import type { Playground } from '@playhouse/contract/playground';

/** What a playground says of one of its services. */
export function serviceOf(
  { services }: Playground,
  name: string,
): Playground['services'][number] | undefined {
  return services.find((service) => service.name === name);
}
