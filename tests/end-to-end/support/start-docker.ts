// Starts the Docker Engine that an installation would start, in the namespace in which this runs: DATA-FOLDER RUN-FOLDER.
import { DockerEngine } from '../../../packages/engine/src/services/docker/docker-engine.ts';

const [dataFolder = '', runFolder = ''] = process.argv.slice(2);
await new DockerEngine({ dataFolder, runFolder, which: 'own' }).ensure();
process.exit(0);
