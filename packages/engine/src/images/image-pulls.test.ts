import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { expect, test, vi } from 'vitest';
import { ImagePulls } from './image-pulls.ts';
import type { PullTools, pullImage, PullVoice } from './pull-image.ts';
import type { BakedSource } from './source-store.ts';

const reference = 'oci://r.example/a';

/** A pull that the test ends by hand. */
function open() {
  const begun: {
    name: string;
    voice: PullVoice;
    end: (source: BakedSource) => void;
    fail: (error: Error) => void;
  }[] = [];
  const pull: typeof pullImage = async (name, _staging, _tools, voice) =>
    await new Promise<BakedSource>((resolve, reject) => {
      voice.signal.addEventListener('abort', () => reject(voice.signal.reason as Error));
      begun.push({ name, voice, end: resolve, fail: reject });
    });
  const collected: ReadonlySet<string>[] = [];
  const cleared: ReadonlySet<string>[] = [];
  const tools = {
    sources: { blobsInUse: async () => new Set(['sha256:a']) },
    blobs: {
      clear: async (pulls: ReadonlySet<string>) => cleared.push(pulls),
      collect: async (kept: ReadonlySet<string>) => collected.push(kept),
    },
  } as unknown as PullTools;
  return { begun, collected, cleared, pulls: new ImagePulls(tools, pull) };
}

function listener(signal = new AbortController().signal) {
  const heard: string[] = [];
  const voice: PullVoice = {
    signal,
    phase: (label) => heard.push(label),
    detail: (text) => heard.push(text),
    progress: ({ done }) => heard.push(String(done)),
    log: (line) => heard.push(line),
  };
  return { heard, voice };
}

const source = { name: reference } as BakedSource;

test('two who want the same image share a pull, and the later one hears how far it is', async () => {
  const { begun, pulls } = open();
  const [first, second] = [listener(), listener()];
  const one = pulls.pull(reference, first.voice);
  await vi.waitFor(() => expect(begun).toHaveLength(1));
  begun[0]?.voice.phase('Resolving the image');
  const two = pulls.pull(`${reference}:latest`, second.voice);
  begun[0]?.voice.phase('Fetching layers');
  begun[0]?.end(source);
  expect(await Promise.all([one, two])).toEqual([source, source]);
  expect(begun.map(({ name }) => name)).toEqual([`${reference}:latest`]);
  expect(first.heard).toEqual(['Resolving the image', 'Fetching layers']);
  expect(second.heard).toEqual(first.heard);
  expect(pulls.staging).toEqual([]);
});

test('who gives up leaves the pull to the others; the last one ends it', async () => {
  const { begun, pulls } = open();
  const [one, two] = [new AbortController(), new AbortController()];
  const first = pulls.pull(reference, listener(one.signal).voice);
  const second = pulls.pull(reference, listener(two.signal).voice);
  await vi.waitFor(() => expect(begun).toHaveLength(1));
  one.abort();
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  expect(begun[0]?.voice.signal.aborted).toBe(false);
  two.abort();
  await expect(second).rejects.toMatchObject({ code: 'cancelled' });
  expect(begun[0]?.voice.signal.aborted).toBe(true);
  const third = pulls.pull(reference, listener().voice);
  await vi.waitFor(() => expect(begun).toHaveLength(2));
  begun[1]?.end(source);
  expect(await third).toBe(source);
});

test('a failure is everybody’s, and forgotten', async () => {
  const { begun, pulls } = open();
  const both = [pulls.pull(reference, listener().voice), pulls.pull(reference, listener().voice)];
  await vi.waitFor(() => expect(begun).toHaveLength(1));
  begun[0]?.fail(new PlayhouseError('image-unknown', { source: reference }));
  for (const each of await Promise.allSettled(both)) expect(each.status).toBe('rejected');
  expect(pulls.staging).toEqual([]);
});

test('blobs are collected between pulls only, what killed pulls left at any time', async () => {
  const { begun, collected, cleared, pulls } = open();
  const pull = pulls.pull(reference, listener().voice);
  await vi.waitFor(() => expect(begun).toHaveLength(1));
  await pulls.collectBlobs();
  expect(collected).toEqual([]);
  expect(cleared).toEqual([new Set(pulls.staging)]);
  expect(pulls.staging).toHaveLength(1);
  begun[0]?.end(source);
  await pull;
  await pulls.collectBlobs();
  expect(collected).toEqual([new Set(['sha256:a'])]);
});

test('who listens for pulls hears of each that succeeded, before its waiters go on', async () => {
  const { begun, pulls } = open();
  const heard = vi.fn(async () => await Promise.resolve());
  pulls.onPulled(heard);
  const pull = pulls.pull(reference, listener().voice);
  await vi.waitFor(() => expect(begun).toHaveLength(1));
  begun[0]?.end(source);
  await pull;
  expect(heard).toHaveBeenCalledOnce();
});
