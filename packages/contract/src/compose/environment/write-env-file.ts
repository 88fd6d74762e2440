/**
 * The text of an env file that Docker Compose reads back as exactly these values: in double quotes, with what has a meaning there
 * escaped. (https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax)
 */
export function writeEnvironmentFile(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        `${name}="${value.replaceAll(/[\\"$]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"\n`,
    )
    .join('');
}
