import type { Certificate } from '#pki/x509';
import { distinctAliases } from './aliases.ts';
import { buildChain } from './build-chain.ts';
import { distinct } from './distinct.ts';
import { quotedName } from './facts.ts';
import { sortFindings } from './finding.ts';
import type { Finding } from './finding.ts';
import { duplicateFindings, findAll } from './found-files.ts';
import type { FoundMaterial } from './found-files.ts';
import type { FoundCertificate, FoundKey } from './found.ts';
import { IssuerFinder } from './issuer-finder.ts';
import { judgeChain, pathOf } from './judge-chain.ts';
import { unfit } from './limits.ts';
import { certificateOf } from './match-keys.ts';
import type { KeyEntryMaterial, KeystoreMaterial, KeystoreOptions, MaterialFile } from './material.ts';

/**
 * The private keys of one or several files that belong together (`tls.crt` and `tls.key`), each with its certificate and
 * its chain in order, whatever the order in the files. Errors name the entry: `key-mismatch` for a key without its
 * certificate, `chain-malformed` for a circle, `material-unfit` for files without a key or without the alias,
 * `material-too-large`, `keystore-password-wrong`, `keystore-password-missing`, `keystore-unsupported`, `unrecognized`,
 * and those of what is damaged.
 */
export function readKeystoreMaterial(
  files: readonly (Uint8Array | MaterialFile)[],
  options: KeystoreOptions,
): KeystoreMaterial {
  const found = findAll(files, options, 'wanted');
  if (found.keys.length === 0) throw noKey(found);
  const assembly = new Assembly(found, options);
  const names = distinctAliases(
    found.keys.map(({ alias }) => alias),
    'key',
  );
  const all = found.keys.map((key, i) => ({ key, alias: names[i]! }));
  const entries = chosen(all, options.alias).map(({ key, alias }) => assembly.entry(key, alias));
  const findings = [...found.findings, ...assembly.findings, ...assembly.leftover(options.alias)];
  return { format: found.format, entries, findings: sortFindings(findings) };
}

function noKey({ certificates }: FoundMaterial): Error {
  const what = certificates.length === 0 ? '' : ', only certificates';
  return unfit(
    `There is no private key in the file${what}.`,
    undefined,
    'Give the private key with its certificate; certificates that are trusted belong into a truststore.',
  );
}

/** Those with the alias; the exact one before one that differs in case. Error `material-unfit`. */
function chosen<T extends { readonly alias: string }>(all: readonly T[], alias: string | undefined): readonly T[] {
  if (alias === undefined) return all;
  const same = all.find((one) => one.alias === alias);
  const alike = same ?? all.find((one) => one.alias.toLowerCase() === alias.toLowerCase());
  if (alike !== undefined) return [alike];
  const names = all.slice(0, 20).map((one) => `"${one.alias}"`);
  throw unfit(`There is no private key with the alias "${alias}".`, 'alias', `Choose one of ${names.join(', ')}.`);
}

/** Puts keys, certificates and chains of the files together. */
class Assembly {
  readonly findings: Finding[];
  readonly #found: FoundMaterial;
  readonly #options: KeystoreOptions;
  readonly #finder: IssuerFinder;
  readonly #places: ReadonlyMap<string, string>;
  readonly #pool: readonly Certificate[];
  readonly #used = new Set<string>();

  constructor(found: FoundMaterial, options: KeystoreOptions) {
    this.#found = found;
    this.#options = options;
    const all = [...found.certificates, ...found.keys.flatMap(({ chain = [] }) => chain)];
    this.#pool = distinct(all.map(({ certificate }) => certificate));
    this.#places = new Map(all.toReversed().map(({ certificate, place }) => [certificate.fingerprint, place]));
    this.#finder = new IssuerFinder(this.#pool, options.now);
    this.findings = duplicateFindings(found.certificates);
  }

  entry(key: FoundKey, alias: string): KeyEntryMaterial {
    const certificate = this.#pooled(certificateOf(key, this.#found.certificates, this.#options.now));
    const built = buildChain(certificate, this.#finder, key.place);
    for (const { fingerprint } of pathOf(built)) this.#used.add(fingerprint);
    this.findings.push(
      ...judgeChain(built, this.#options, ({ fingerprint }) => this.#places.get(fingerprint)!),
      ...this.#orderFindings(key, pathOf(built)),
    );
    return { alias, key: key.key, certificate, ...built };
  }

  /** Equal certificates are one object, so that they are compared by identity. */
  #pooled(certificate: Certificate): Certificate {
    return this.#pool.find(({ fingerprint }) => fingerprint === certificate.fingerprint)!;
  }

  /** Of files with several keys the order says nothing: their chains may share certificates. */
  #orderFindings(key: FoundKey, path: readonly Certificate[]): Finding[] {
    if (key.chain === undefined && this.#found.keys.length > 1) return [];
    const given = (key.chain ?? this.#found.certificates).map(({ certificate }) => certificate.fingerprint);
    const positions = path.map(({ fingerprint }) => given.indexOf(fingerprint)).filter((position) => position !== -1);
    if (positions.every((position, i) => i === 0 || position > positions[i - 1]!)) return [];
    const message = 'The certificates of its chain stood in another order; each now comes before its issuer.';
    return [{ severity: 'info', code: 'chain-not-ordered', message, entry: key.place }];
  }

  /** What is in no chain; nothing is said of it when one entry was picked out. */
  leftover(alias: string | undefined): Finding[] {
    if (alias !== undefined) return [];
    const all = [...this.#found.certificates, ...this.#found.keys.flatMap(({ chain = [] }) => chain)];
    return all.filter(({ certificate }) => !this.#used.has(certificate.fingerprint)).map(unused);
  }
}

function unused({ place, certificate }: FoundCertificate): Finding {
  const message = `${quotedName(certificate)} is in no chain of a key, and was left out.`;
  return { severity: 'info', code: 'unused-certificate', message, entry: place };
}
