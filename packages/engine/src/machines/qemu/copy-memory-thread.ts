// The thread that `MemoryCopier` starts: copies when it is told to, answers once.
import { parentPort } from 'node:worker_threads';
import { copyMemory, type MemoryPlace } from './copy-memory.ts';

parentPort?.on('message', (place: MemoryPlace) => {
  parentPort?.postMessage({ changedBytes: copyMemory(place) });
});
parentPort?.postMessage('ready');
