// Forms of texts that the schema of Compose leaves open and Docker Compose, or Docker, insists on. A format is what `format` of a JSON
// schema names; those of the fields are given to the schema in refine-schema.ts.
import { isDockerImage } from '../../image-reference.ts';
import { isCommandForm } from './command-form.ts';
import { isPortForm } from './port-form.ts';

export interface ValueFormat {
  readonly validate: (text: string) => boolean;
  /** How to write it; completes "Write …". */
  readonly form: string;
}

const number = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;

export const valueFormats = {
  boolean: {
    validate: (text) => /^(true|false|yes|no|on|off|y|n)$/i.test(text),
    form: '`true` or `false`',
  },
  number: { validate: (text) => number.test(text), form: 'a number' },
  count: { validate: (text) => /^\d{1,9}$/.test(text), form: 'a whole number, 0 or more' },
  /** As Docker reads sizes; −1 is how some fields say "without limit". */
  size: {
    validate: (text) => /^(-1|\d+(\.\d+)? ?([kmgtp]?i?b|[kmgtp])?)$/i.test(text),
    form: 'a size with its unit: `512m`, `1.5g` or `64MiB`',
  },
  /** As Go reads durations. */
  duration: {
    validate: (text) => /^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(text),
    form: 'a duration with units: `500ms`, `10s` or `1m30s`',
  },
  restart: {
    validate: (text) => /^(no|always|unless-stopped|on-failure(:\d{1,9})?|)$/.test(text),
    form: '`"no"`, `always`, `unless-stopped`, `on-failure` or `on-failure:TIMES`',
  },
  port: {
    validate: isPortForm,
    form: '`CONTAINER`, `HOST:CONTAINER` or `IP:HOST:CONTAINER`, each a port or a range of ports, perhaps with `/udp`',
  },
  /** Docker Compose makes of `a:/a` an anonymous volume at `a:/a`, which nothing could be in. */
  mount: {
    validate: (text) => !/^[A-Za-z]:/.test(text),
    form: 'something else than one letter before the colon, which Docker Compose takes for a drive of Windows. A volume whose name is one letter is mounted by `{ type: volume, source: NAME, target: PATH }`',
  },
  range: {
    validate: (text) => /^(\d{1,5}(-\d{1,5})?)?$/.test(text),
    form: 'a port or a range of ports',
  },
  command: {
    validate: isCommandForm,
    form: 'a command in which each quote is closed (one that is meant as such has `\\` before it), or a list of words',
  },
  host: { validate: (text) => /^[^:=]+[:=]./.test(text), form: '`HOST:IP` or `HOST=IP`' },
  pull: {
    validate: (text) =>
      /^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_(\d+[wdhms])+)$/.test(text),
    form: '`always`, `missing`, `never` or `build`',
  },
  /** An empty one is none; with a `$`, it is not known yet. */
  image: {
    validate: (text) => text === '' || text.includes('$') || isDockerImage(text),
    form: '`NAME:TAG` or `REGISTRY/NAME:TAG`, perhaps with `@DIGEST`: the name in lower case, without blanks and without `https://`',
  },
  expose: {
    validate: (text) => /^\d{1,5}(-\d{1,5})?(\/(tcp|udp|sctp))?$/i.test(text),
    form: 'a port or a range of ports, perhaps with `/udp`',
  },
} as const satisfies Record<string, ValueFormat>;

export type ValueFormatName = keyof typeof valueFormats;

export function isValueFormat(name: unknown): name is ValueFormatName {
  return typeof name === 'string' && Object.hasOwn(valueFormats, name);
}
