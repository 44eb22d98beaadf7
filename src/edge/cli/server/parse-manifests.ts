import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import { CodedError } from '#errors';
import type { Draft } from '#model/objects';

/** One object of a manifest, and where it stands, for error messages. */
export interface ManifestObject {
  readonly object: Draft;
  /** `file.yaml, document 3 (line 41)` */
  readonly place: string;
}

/** More copies of one value than this are an attack, not a manifest. */
const maxAliasCount = 100;

/** The objects of one text: YAML with many documents, or JSON. `List` objects are unfolded. Fails with bad-request. */
export function parseManifests(text: string, source: string): ManifestObject[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, uniqueKeys: true, prettyErrors: false });
  return (Array.isArray(documents) ? documents : []).flatMap((document, index) => {
    requireNoError(document, source, lineCounter);
    const start = document.contents?.range?.[0] ?? document.range[0];
    const place = `${source}, document ${index + 1} (line ${lineCounter.linePos(start).line})`;
    const value = toValue(document, place);
    return value === null ? [] : unfold(value, place);
  });
}

function requireNoError(document: Document, source: string, lineCounter: LineCounter): void {
  const [problem] = document.errors;
  if (problem === undefined) return;
  const { line, col } = lineCounter.linePos(problem.pos[0]);
  throw new CodedError('bad-request', problem.message, { field: `${source}, line ${line}, column ${col}` });
}

function toValue(document: Document, place: string): unknown {
  try {
    return document.toJS({ maxAliasCount });
  } catch (cause) {
    throw new CodedError('bad-request', (cause as Error).message, { field: place, cause });
  }
}

function unfold(value: unknown, place: string): ManifestObject[] {
  if (!isObject(value)) throw new CodedError('bad-request', 'a manifest must be an object', { field: place });
  if (value['kind'] === 'List' && Array.isArray(value['items']))
    return value['items'].flatMap((item) => unfold(item, place));
  for (const field of ['apiVersion', 'kind']) {
    if (typeof value[field] !== 'string') throw missing(field, place);
  }
  const metadata = value['metadata'];
  if (!isObject(metadata) || typeof (metadata['name'] ?? metadata['generateName']) !== 'string')
    throw missing('metadata.name', place);
  return [{ object: value as unknown as Draft, place }];
}

function missing(field: string, place: string): CodedError {
  return new CodedError('bad-request', `${field} is missing`, { field: place, hint: `Set ${field} in that document.` });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
