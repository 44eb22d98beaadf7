import type { ServerResponse } from 'node:http';
import { mediaTypes } from '#edge/api';

/** What the server says to a request; a stream is written with the client's pace. */
export type Answer =
  | {
      readonly code: number;
      readonly contentType: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | AsyncIterable<string>;
    }
  /** A watch writes to the connection itself until either side ends it. */
  | { readonly stream: (response: ServerResponse) => Promise<void> };

/** A value as JSON. */
export function jsonAnswer(value: unknown, code = 200): Answer {
  return { code, contentType: mediaTypes.json, body: JSON.stringify(value) };
}

export function textAnswer(body: string, code = 200): Answer {
  return { code, contentType: 'text/plain; charset=utf-8', body };
}
