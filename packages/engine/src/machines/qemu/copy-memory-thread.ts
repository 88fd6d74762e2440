// The thread that `MemoryCopier` starts: copies when it is told to, answers once.
import { parentPort } from 'node:worker_threads';
import { copyMemory, type MemoryPlace } from './copy-memory.ts';

parentPort?.on('message', (place: MemoryPlace) => {
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage({ changedBytes: copyMemory(place) });
});
// eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage('ready');
