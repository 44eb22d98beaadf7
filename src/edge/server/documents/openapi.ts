import { createHash } from 'node:crypto';
import { mediaTypes } from '#edge/api';
import { groupVersionsOf, openAPIDocument } from '#model/resources';
import type { KindRegistry } from '#model/resources';
import type { Answer } from '../answers/answer.ts';
import { jsonAnswer } from '../answers/answer.ts';
import { isJSON, notAcceptable } from '../answers/form.ts';
import type { Call } from '../requests/call.ts';
import { swaggerDocument } from './swagger.ts';

/** One document, as bytes that never change while the server runs. */
interface Document {
  readonly path: string;
  readonly text: string;
  readonly hash: string;
}

/** Answers `/openapi/v3`, the documents below it, and `/openapi/v2`; made when first asked for. */
export function createOpenAPI(registry: KindRegistry): (call: Call) => Answer | undefined {
  let documents: readonly Document[] | undefined;
  let swagger: Answer | undefined;
  return (call) => {
    const path = call.path.replace(/\/$/, '');
    if (!path.startsWith('/openapi/')) return undefined;
    if (!call.accept.some(isJSON)) throw notAcceptable([mediaTypes.json]);
    if (path === '/openapi/v2') return (swagger ??= jsonAnswer(swaggerDocument(registry.kinds)));
    documents ??= groupVersionsOf(registry.kinds).map((place) => documentOf(registry, place));
    if (path === '/openapi/v3') return jsonAnswer(indexOf(documents));
    const document = documents.find((document) => `/openapi/v3/${document.path}` === path);
    return document === undefined ? undefined : documentAnswer(document, call);
  };
}

function documentOf({ kinds }: KindRegistry, place: ReturnType<typeof groupVersionsOf>[number]): Document {
  const text = JSON.stringify(openAPIDocument(kinds, place.group, place.version));
  const hash = createHash('sha256').update(text).digest('hex').toUpperCase();
  return { path: place.path, text, hash };
}

function indexOf(documents: readonly Document[]): object {
  const entry = ({ path, hash }: Document): [string, object] => [
    path,
    { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` },
  ];
  return { paths: Object.fromEntries(documents.map(entry)) };
}

const year = 365 * 24 * 3600;

// An address that carries the hash always shows the same document, so clients may keep it.
function documentAnswer({ text, hash }: Document, call: Call): Answer {
  const isPinned = call.query.get('hash') === hash;
  const caching = isPinned ? `public, immutable, max-age=${year}` : 'no-cache, private';
  const headers = { etag: `"${hash}"`, 'cache-control': caching, vary: 'Accept' };
  const isKnown = call.etag?.includes(hash) ?? false;
  return { code: isKnown ? 304 : 200, contentType: mediaTypes.json, headers, body: isKnown ? '' : text };
}
