import { CodedError } from '#errors';
import { mediaTypes } from '#edge/api';
import type { MediaType } from '#edge/api';

/** In which of Kubernetes' shapes objects are answered. */
export type Form =
  | { readonly as: 'object' }
  | { readonly as: 'partial'; readonly version: MetaVersion }
  | { readonly as: 'table'; readonly version: MetaVersion };

export type MetaVersion = 'v1' | 'v1beta1';

const shapes: Readonly<Record<string, 'table' | 'partial'>> = {
  Table: 'table',
  PartialObjectMetadata: 'partial',
  PartialObjectMetadataList: 'partial',
};

/** The first acceptable type that can be answered. Fails with not-acceptable. */
export function negotiateForm(accept: readonly MediaType[]): Form {
  for (const type of accept) {
    const form = isJSON(type) ? formOf(type) : undefined;
    if (form !== undefined) return form;
  }
  throw notAcceptable([mediaTypes.json, mediaTypes.table, mediaTypes.partialObject]);
}

export function isJSON({ type }: MediaType): boolean {
  return type === mediaTypes.json || type === '*/*' || type === 'application/*';
}

function formOf({ parameters }: MediaType): Form | undefined {
  const name = parameters['as'];
  if (name === undefined) return { as: 'object' };
  const [as, version] = [shapes[name], parameters['v']];
  if (as === undefined || parameters['g'] !== 'meta.k8s.io') return undefined;
  return version === 'v1' || version === 'v1beta1' ? { as, version } : undefined;
}

export function notAcceptable(available: readonly string[]): CodedError {
  return new CodedError('not-acceptable', `only the following media types are accepted: ${available.join(', ')}`);
}
