import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPeer } from '../peers/peer.ts';

const run = promisify(execFile);

/** Runs `openssl`; gives what it printed. Fails with its error text. */
export async function openssl(...args: readonly string[]): Promise<string> {
  return (await run(findPeer('openssl')!, args)).stdout;
}

/** What `openssl x509 -text` says of the first certificate of a PEM text. */
export interface OpensslReport {
  /** RFC 2253: the most specific part first, the reverse of the encoding. */
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: string;
  /** By openssl's titles, such as `X509v3 Key Usage`. */
  readonly extensions: ReadonlyMap<string, { readonly critical: boolean; readonly text: string }>;
  /** The subject alternative names, such as `DNS:a` and `IP Address:1.2.3.4`. */
  readonly altNames: readonly string[];
}

export async function opensslReport(pem: string, folder: string, name: string): Promise<OpensslReport> {
  const file = join(folder, `${name}.pem`);
  writeFileSync(file, pem);
  const names = 'RFC2253,-esc_msb,utf8';
  return parseReport(await openssl('x509', '-in', file, '-noout', '-text', '-nameopt', names));
}

export function parseReport(text: string): OpensslReport {
  const field = (pattern: RegExp): string => pattern.exec(text)?.[1]?.trim() ?? '';
  const extensions = new Map(
    [...text.matchAll(/^ {12}(\S.*?): ?(critical)?\s*\n((?: {16}.*\n?)*)/gm)].map((match) => [
      match[1]!,
      { critical: match[2] !== undefined, text: match[3]!.trim() },
    ]),
  );
  const altNames = extensions.get('X509v3 Subject Alternative Name')?.text ?? '';
  return {
    subject: field(/^ {8}Subject:(.*)$/m),
    issuer: field(/^ {8}Issuer:(.*)$/m),
    notBefore: new Date(field(/Not Before:(.*)$/m)),
    notAfter: new Date(field(/Not After :(.*)$/m)),
    publicKey: `${field(/Public Key Algorithm:(.*)$/m)} ${field(/Public-Key:(.*)$/m)}`.trim(),
    extensions,
    altNames: altNames === '' ? [] : altNames.split(', '),
  };
}
