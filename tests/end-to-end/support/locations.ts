/** The checkout. */
export const repository = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '');

/** Holds kernels/, sources/ and engine/ as the engine left them that baked the images of all tests. */
export const imageCache = `${repository}/.cache/test-images`;

/** The Docker client with its plugins, as an engine fetched it. */
export const dockerClientCache = `${repository}/.cache/docker-client`;

/** Roots of images that are not ours, as their own tools made them. */
export const foreignImages = `${repository}/.cache/foreign-images`;

/** What stands in for images of public registries. */
export const standInImages = `${repository}/.cache/stand-in-images`;
