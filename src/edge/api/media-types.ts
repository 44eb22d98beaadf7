/** Media types of the API, bodies and answers. */
export const mediaTypes = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
  jsonPatch: 'application/json-patch+json',
  mergePatch: 'application/merge-patch+json',
  strategicPatch: 'application/strategic-merge-patch+json',
  applyPatch: 'application/apply-patch+yaml',
  table: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  partialObject: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  partialObjectList: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
} as const;

/** One media type of an Accept or Content-Type header; names in lower case. */
export interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** RFC 9110 section 12.4.2, 1 when not given. */
  readonly quality: number;
}

/** Reads one media type with its parameters; RFC 9110 section 8.3.1, without quoted pairs. */
export function parseMediaType(text: string): MediaType {
  const [type = '', ...rest] = text.split(';');
  const pairs = rest.map((part) => splitPair(part)).filter(([name]) => name !== '');
  const parameters = Object.fromEntries(pairs.filter(([name]) => name !== 'q'));
  const quality = Number(pairs.find(([name]) => name === 'q')?.[1] ?? '1');
  return { type: type.trim().toLowerCase(), parameters, quality: Number.isFinite(quality) ? quality : 0 };
}

function splitPair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 0) return [text.trim().toLowerCase(), ''];
  return [
    text.slice(0, at).trim().toLowerCase(),
    text
      .slice(at + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1'),
  ];
}

/** The acceptable media types, best first; an absent or empty header accepts everything. */
export function parseAccept(header: string | undefined): MediaType[] {
  if (header === undefined || header.trim() === '') return [parseMediaType('*/*')];
  const types = header
    .split(',')
    .map((part) => parseMediaType(part))
    .filter(({ type, quality }) => type !== '' && quality > 0);
  return types.sort((a, b) => b.quality - a.quality);
}
