import type { KubeObject } from '#model/objects';
import { failureFromStatus } from './failures.ts';
import type { Status } from './status.ts';

/** One line of a watch. A bookmark's object holds little more than `metadata.resourceVersion`. */
export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

type WireEvent<T extends KubeObject> = WatchEvent<T> | { readonly type: 'ERROR'; readonly object: Status };

/** Events of a watch's body, until the server ends it. Fails with what an ERROR event says, `gone` above all. */
export async function* readWatch<T extends KubeObject>(body: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent<T>> {
  for await (const line of splitLines(body)) {
    const event = JSON.parse(line) as WireEvent<T>;
    if (event.type === 'ERROR') throw failureFromStatus(event.object.code, event.object);
    yield event;
  }
}

/** Lines that are not empty; an empty one is a sign of life. */
export async function* splitLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines.filter((line) => line.trim() !== '');
  }
  if (rest.trim() !== '') yield rest;
}
