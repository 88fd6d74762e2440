import { parse } from 'yaml';
import { isRecord } from '../../manifest/noun.ts';
import { type ComposeData, mapTexts, single } from './read-rendered.ts';

/** What a final Compose file says of its services, as writeCompose wrote it: dollar signs are still doubled. */
export function readFinalServices(text: string): Readonly<Record<string, ComposeData>> {
  const file: unknown = parse(text, { maxAliasCount: 0 });
  const services = isRecord(file) && isRecord(file['services']) ? file['services'] : {};
  return Object.fromEntries(
    Object.entries(services).flatMap(([name, service]) =>
      isRecord(service) ? [[name, service] as const] : [],
    ),
  );
}

/** A final Compose file as writeCompose wrote it, with plain values. */
export function readFinal(text: string): ComposeData {
  const file = mapTexts(parse(text, { maxAliasCount: 0 }), single, (key) => key);
  return isRecord(file) ? file : {};
}
