import type { IncomingMessage } from 'node:http';
import type { RawRequest, WireObject } from './raw-request.ts';
import { openRaw } from './raw-request.ts';
import type { TestServer } from './server-fixture.ts';

export interface WireEvent {
  readonly type: string;
  readonly object: WireObject;
}

/** An open watch, read line by line. */
export interface WatchReader {
  readonly code: number;
  readonly body: IncomingMessage;
  /** The next event, heartbeats left out; undefined when the server has ended the watch in good order. */
  next(): Promise<WireEvent | undefined>;
  /** As many events as asked for. */
  take(count: number): Promise<WireEvent[]>;
  close(): void;
}

export async function openWatch(server: TestServer, request: RawRequest): Promise<WatchReader> {
  const body = await openRaw(server, request);
  const lines = readLines(body);
  const next = async (): Promise<WireEvent | undefined> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) return undefined;
      if (value !== '') return JSON.parse(value) as WireEvent;
    }
  };
  return {
    code: body.statusCode ?? 0,
    body,
    next,
    take: async (count) => {
      const events: WireEvent[] = [];
      while (events.length < count) events.push((await next())!);
      return events;
    },
    close: () => body.destroy(),
  };
}

/** Lines of a body, empty ones included. */
export async function* readLines(body: AsyncIterable<Buffer>): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  return undefined;
}

/** Type and name of each event: what most tests compare. */
export function summary(events: readonly WireEvent[]): string[] {
  return events.map(({ type, object }) => `${type} ${object.metadata.name ?? ''}`.trim());
}
