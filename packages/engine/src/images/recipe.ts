// What the repository’s images/ folder says about official sources and kernels.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readTextIfPresent } from '../system/durable-file.ts';

const sourceRecipeSchema = z.strictObject({
  description: z.string(),
  /** Debian suite that the packages come from. */
  suite: z.string(),
  /** Users of the image that people log in as. */
  users: z.array(z.string()).min(1),
  /** Another source whose packages and scripts come first. */
  base: z.string().optional(),
});

const kernelRecipeSchema = z.strictObject({
  /** Debian package that depends on the kernel image. */
  package: z.string(),
  suite: z.string(),
});

export interface SourceRecipe extends Omit<z.infer<typeof sourceRecipeSchema>, 'base'> {
  readonly name: string;
  readonly packages: readonly string[];
  /** Scripts that mmdebstrap runs with the root directory as their argument, in this order. */
  readonly customize: readonly string[];
}

export interface KernelRecipe extends z.infer<typeof kernelRecipeSchema> {
  readonly name: string;
}

/** All source recipes below `directory`, by name. What a recipe has of its own comes after what its base has. */
export async function loadSourceRecipes(directory: string): Promise<readonly SourceRecipe[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'kernels')
    .map(({ name }) => name);
  return await Promise.all(names.toSorted().map(async (name) => await loadSourceRecipe(directory, name)));
}

async function loadSourceRecipe(
  directory: string,
  name: string,
  above: readonly string[] = [],
): Promise<SourceRecipe> {
  if (above.includes(name)) throw new Error(`the recipe of ${name} is its own base`);
  const folder = `${directory}/${name}`;
  const text = await readFile(`${folder}/recipe.json`, 'utf8');
  const { base, ...recipe } = sourceRecipeSchema.parse(JSON.parse(text));
  const inherited = base === undefined ? null : await loadSourceRecipe(directory, base, [...above, name]);
  const own = parsePackageList((await readTextIfPresent(`${folder}/packages`)) ?? '');
  const script = existsSync(`${folder}/customize`) ? [`${folder}/customize`] : [];
  return {
    ...recipe,
    name,
    packages: [...(inherited?.packages ?? []), ...own],
    customize: [...(inherited?.customize ?? []), ...script],
  };
}

/** All kernel recipes below `directory`/kernels, by name. */
export async function loadKernelRecipes(directory: string): Promise<readonly KernelRecipe[]> {
  const names = (await readdir(`${directory}/kernels`)).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(`${directory}/kernels/${name}/recipe.json`, 'utf8');
      return { ...kernelRecipeSchema.parse(JSON.parse(text)), name };
    }),
  );
}

/** Package names of an annotated list: one a line, `#` begins a comment. */
export function parsePackageList(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).filter(Boolean));
}
