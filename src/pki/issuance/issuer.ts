import type { KeyObject } from 'node:crypto';
import { CodedError } from '#errors';
import {
  algorithmIdentifier,
  bitString,
  defaultSignatureAlgorithm,
  keyIdentifier,
  sequence,
  signBytes,
} from '#pki/x509';
import type { Certificate, PrivateKey, SignatureAlgorithm } from '#pki/x509';
import { IssuedCertificate } from './issued.ts';
import { lintFailure, lintTemplate } from './lints/index.ts';
import { encodeAuthorityKeyId, encodeTBS } from './tbs.ts';
import type { IssuerParts } from './tbs.ts';
import type { CertificateTemplate } from './template.ts';

declare const brand: unique symbol;

/**
 * The right to sign one certificate: made by `Issuer.prepare` after the lints, good for one `sign` of the same issuer.
 * What will be signed is fixed when it is made.
 */
export interface SigningToken {
  readonly [brand]: never;
}

/** A signing key with what its certificates have in common. The key is reached through a token only. */
export class Issuer {
  /** Undefined when it signs itself. */
  readonly certificate: Certificate | undefined;
  readonly #parts: IssuerParts;
  readonly #key: KeyObject;
  readonly #algorithm: SignatureAlgorithm;
  readonly #unspent = new WeakMap<SigningToken, Uint8Array>();

  constructor(key: PrivateKey, name: Uint8Array, certificate?: Certificate) {
    this.certificate = certificate;
    this.#key = key.keyObject;
    this.#algorithm = defaultSignatureAlgorithm(key.spec);
    this.#parts = {
      name,
      algorithm: algorithmIdentifier(this.#algorithm),
      authorityKeyId: certificate && encodeAuthorityKeyId(certificate.subjectKeyId ?? keyIdentifier(certificate.spki)),
    };
  }

  /** Checks the template against every lint. Fails with lint-failed, naming all that it breaks. */
  prepare(template: CertificateTemplate): SigningToken {
    const findings = lintTemplate(template, this.certificate);
    if (findings.length > 0) throw lintFailure(findings);
    const token = Object.freeze({}) as SigningToken;
    this.#unspent.set(token, encodeTBS(template, this.#parts));
    return token;
  }

  /** Signs what the token stands for. Fails with token-spent the second time, or for a token of another issuer. */
  sign(token: SigningToken): IssuedCertificate {
    const tbs = this.#unspent.get(token);
    this.#unspent.delete(token);
    if (tbs === undefined) {
      throw new CodedError('token-spent', 'the signing token was used before, or belongs to another issuer');
    }
    const signature = signBytes(tbs, this.#key, this.#algorithm);
    return new IssuedCertificate(sequence(tbs, this.#parts.algorithm, bitString(signature)));
  }
}
