// What an image is made for, as in `linux/arm64`, in the words of Docker and of those that write Compose files.

const architectures: Readonly<Record<string, string>> = {
  ...{ x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64', i386: '386' },
  ...{ armhf: 'arm/v7', armel: 'arm/v6', arm: 'arm/v7' },
};
/** Variants that say nothing. */
const plain = new Set(['amd64/v1', 'arm64/v8']);

/** A platform in one form, whatever way it is written: two that are equal are the same. */
export function platformOf(text: string): string {
  const words = text.trim().toLowerCase().split('/').filter(Boolean);
  const [os = 'linux', first = '', variant = ''] = isSystem(words[0] ?? '') ? words : ['linux', ...words];
  const known =
    variant === ''
      ? (architectures[first] ?? first)
      : `${architectures[first]?.replace(/\/.*/, '') ?? first}/${variant}`;
  const architecture = plain.has(known) ? known.replace(/\/.*/, '') : known;
  return `${os}/${architecture}`;
}

function isSystem(word: string): boolean {
  return /^(?:linux|windows|darwin|freebsd|wasi)$/.test(word);
}
