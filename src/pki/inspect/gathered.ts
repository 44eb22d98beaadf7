import { CodedError, isCoded } from '#errors';
import type { Certificate, CertificateSigningRequest, PrivateKey } from '#pki/x509';

import type { InspectedSource } from './inspection.ts';

/** What was found in the sources, before it is judged. Unlike an Inspection it holds keys: it stays in this room. */
export interface Gathered {
  readonly sources: readonly InspectedSource[];
  readonly parts: readonly Part[];
}

interface Placed {
  readonly source: string;
  readonly place: string;
}

export type Part = Placed & Content;

export type Content =
  | {
      readonly type: 'certificate';
      readonly certificate: Certificate;
      readonly role?: 'chain' | 'trusted';
      /** False for a trusted PKCS#12 entry that Java passes over. */
      readonly seenByJava?: boolean;
    }
  /** `entry` is set on a key in a keystore: the certificate that stands beside it. */
  | { readonly type: 'key'; readonly key: PrivateKey | undefined; readonly entry?: Certificate | undefined }
  | { readonly type: 'request'; readonly request: CertificateSigningRequest }
  | { readonly type: 'other'; readonly what: string }
  | { readonly type: 'damaged'; readonly error: CodedError };

export type CertificatePart = Extract<Part, { type: 'certificate' }>;

/** The contents as parts, all at one place of one source. */
export function placed(source: string, place: string, contents: readonly Content[]): Part[] {
  return contents.map((content) => Object.assign({ source, place }, content));
}

/** `read`'s content, or its coded failure as content; a wrong password is the caller's and not the file's. */
export function orDamaged(read: () => Content): Content {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CodedError) || isCoded(error, 'keystore-password-wrong')) throw error;
    return { type: 'damaged', error };
  }
}
