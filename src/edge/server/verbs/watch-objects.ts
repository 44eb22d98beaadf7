import type { ServerResponse } from 'node:http';
import { isCoded } from '#errors';
import { mediaTypes, statusFromError } from '#edge/api';
import type { StoreEvent, WatchOptions } from '#control/store';
import type { Answer } from '../answers/answer.ts';
import type { Rendering } from '../answers/encode-object.ts';
import { formatWarnings } from '../answers/warnings.ts';
import type { ResourceCall } from '../requests/call.ts';
import { renderingOf } from '../requests/rendering.ts';
import { watchParametersOf } from '../requests/watch-parameters.ts';
import type { WatchParameters } from '../requests/watch-parameters.ts';
import type { ServerContext } from '../server-context.ts';
import { encodeBookmark, encodeEvent, encodeFailure } from '../watching/encode-event.ts';
import { WatchStream } from '../watching/watch-stream.ts';
import { refuseFutureRevision } from './read-object.ts';
import { collectionOf } from './places.ts';

/** GET with `watch`: events until time is up, the client leaves, the server stops, or the store lets go. */
export async function watchObjects(context: ServerContext, call: ResourceCall): Promise<Answer> {
  const rendering = renderingOf(call, call.kind, context.now());
  const parameters = watchParametersOf(call.query, call.kind);
  await refuseFutureRevision(context, parameters.resourceVersion);
  context.watches.refuseWhenFull();
  return { stream: (response) => stream(context, call, parameters, rendering, response) };
}

function optionsOf(parameters: WatchParameters, signal: AbortSignal): WatchOptions {
  const { resourceVersion, sendInitialEvents, bookmarks, labels, fields } = parameters;
  return {
    signal,
    bookmarks,
    ...(resourceVersion === undefined ? {} : { from: resourceVersion }),
    ...(sendInitialEvents === undefined ? {} : { sendInitialEvents }),
    ...(labels === undefined ? {} : { labels }),
    ...(fields === undefined ? {} : { fields }),
  };
}

async function stream(
  context: ServerContext,
  call: ResourceCall,
  parameters: WatchParameters,
  rendering: Rendering,
  response: ServerResponse,
): Promise<void> {
  const stream = new WatchStream(response, context.watches.pace, context.limits.stalledWatchMilliseconds);
  const timer = setTimeout(() => stream.stop(), milliseconds(context, parameters)).unref();
  context.watches.add(stream);
  stream.open(headersOf(call));
  try {
    const events = context.store.watch(collectionOf(call), optionsOf(parameters, stream.signal));
    for await (const event of events) await stream.write(lineOf(event, rendering, context));
  } catch (error) {
    if (!stream.signal.aborted) await stream.write(failureLine(context, call, error));
  } finally {
    clearTimeout(timer);
    context.watches.delete(stream);
    stream.end();
  }
}

// Spread, so that watches opened together do not all come back together.
function milliseconds(context: ServerContext, { timeoutSeconds }: WatchParameters): number {
  const seconds = timeoutSeconds ?? context.limits.watchSeconds * (1 + Math.random());
  return Math.min(seconds * 1000, 2 ** 31 - 1);
}

function lineOf(event: StoreEvent, rendering: Rendering, context: ServerContext): string | Uint8Array {
  if (event.type === 'BOOKMARK') return encodeBookmark(event, rendering);
  return encodeEvent(event, { ...rendering, now: context.now() });
}

function failureLine(context: ServerContext, call: ResourceCall, error: unknown): string {
  if (!isCoded(error)) context.logger.error({ err: error, path: call.path }, 'a watch failed');
  return encodeFailure(statusFromError(error));
}

function headersOf({ warnings }: ResourceCall): Record<string, string | string[]> {
  const headers = { 'content-type': mediaTypes.json, 'cache-control': 'no-cache, private' };
  return warnings.size === 0 ? headers : { ...headers, warning: formatWarnings(warnings) };
}
