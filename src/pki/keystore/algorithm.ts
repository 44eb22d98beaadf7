import { DERCursor, Tag, readOID } from '#pki/x509';
import type { DERElement } from '#pki/x509';
import { malformed } from './limits.ts';

/** An AlgorithmIdentifier (RFC 5280, 4.1.1.2) as it was read. */
export interface Algorithm {
  readonly oid: string;
  readonly parameters: DERElement | undefined;
}

export function readAlgorithm(element: DERElement): Algorithm {
  const fields = new DERCursor(element.expect(Tag.sequence, 'algorithm'));
  const oid = readOID(fields.next());
  return { oid, parameters: fields.done ? undefined : fields.next() };
}

/** The fields of an algorithm's parameters, which must be a sequence. */
export function parameterFields(algorithm: Algorithm, place: string): DERCursor {
  if (algorithm.parameters === undefined) throw malformed('The algorithm has no parameters.', place);
  return new DERCursor(algorithm.parameters.expect(Tag.sequence, 'algorithm parameters'));
}
