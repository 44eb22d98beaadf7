import './reflect-metadata.ts';
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  cryptoProvider,
} from '@peculiar/x509';
import type { X509Certificate } from '@peculiar/x509';
import type { KeySpec } from '#pki/x509';
import type { Contender } from '../harness.ts';
import { repeatAsync } from '../harness.ts';
import { wanted } from './cases.ts';

type Pair = webcrypto.CryptoKeyPair;

cryptoProvider.set(webcrypto as never);

/** The same certificate by @peculiar/x509 on Node's WebCrypto, `concurrency` at a time. */
export async function peculiar(spec: KeySpec, concurrency: number): Promise<Contender> {
  const algorithm = algorithmOf(spec);
  const keys = await newPair(algorithm);
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Bench CA',
    keys: keys as never,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  const once = async (): Promise<number> => (await issue(algorithm, keys, ca)).length;
  return {
    name: `@peculiar/x509, ${concurrency} at once`,
    batch: (seconds) => repeatAsync(seconds, concurrency, once),
  };
}

async function issue(algorithm: webcrypto.EcKeyGenParams, ca: Pair, issuer: X509Certificate): Promise<string> {
  const pair = await newPair(algorithm);
  const notBefore = new Date();
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${wanted.commonName}`,
    issuer: issuer.subject,
    notBefore,
    notAfter: new Date(notBefore.getTime() + wanted.days * 24 * 3600 * 1000),
    publicKey: pair.publicKey as never,
    signingKey: ca.privateKey as never,
    signingAlgorithm: algorithm,
    extensions: await extensionsOf(pair, ca),
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', pair.privateKey);
  return PemConverter.encode(key, 'PRIVATE KEY') + certificate.toString('pem');
}

async function extensionsOf(pair: Pair, ca: Pair): Promise<never[]> {
  const names = [
    ...wanted.dnsNames.map((value) => ({ type: 'dns', value }) as const),
    ...wanted.ipAddresses.map((value) => ({ type: 'ip', value }) as const),
  ];
  return [
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']),
    new BasicConstraintsExtension(false, undefined, true),
    await SubjectKeyIdentifierExtension.create(pair.publicKey),
    await AuthorityKeyIdentifierExtension.create(ca.publicKey as never),
    new SubjectAlternativeNameExtension(names),
  ] as never[];
}

function algorithmOf({ algorithm, size }: KeySpec): webcrypto.EcKeyGenParams {
  const rsa = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: Uint8Array.of(1, 0, 1),
    modulusLength: size,
  };
  const byName = {
    RSA: rsa,
    ECDSA: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
    Ed25519: { name: 'Ed25519' },
  };
  return byName[algorithm] as webcrypto.EcKeyGenParams;
}

function newPair(algorithm: webcrypto.EcKeyGenParams): Promise<Pair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}
