// What the repository’s images/ folder says about official sources and kernels.
import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readTextIfPresent } from '../system/durable-file.ts';

const sourceRecipeSchema = z.strictObject({
  description: z.string(),
  /** Debian suite that the packages come from. */
  suite: z.string(),
  /** Users of the image that people log in as. */
  users: z.array(z.string()).min(1),
});

const kernelRecipeSchema = z.strictObject({
  /** Debian package that depends on the kernel image. */
  package: z.string(),
  suite: z.string(),
});

export interface SourceRecipe extends z.infer<typeof sourceRecipeSchema> {
  readonly name: string;
  readonly packages: readonly string[];
  /** Script that mmdebstrap runs with the root directory as its argument. */
  readonly customize: string;
}

export interface KernelRecipe extends z.infer<typeof kernelRecipeSchema> {
  readonly name: string;
}

/** All source recipes below `directory`, by name. */
export async function loadSourceRecipes(directory: string): Promise<readonly SourceRecipe[]> {
  const names = (await readdir(directory)).filter((name) => name !== 'kernels').toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const recipe = sourceRecipeSchema.parse(
        JSON.parse(await readFile(`${directory}/${name}/recipe.json`, 'utf8')),
      );
      const packages = parsePackageList((await readTextIfPresent(`${directory}/${name}/packages`)) ?? '');
      return { ...recipe, name, packages, customize: `${directory}/${name}/customize` };
    }),
  );
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
