import { CodedError } from '#errors';
import type { Certificate, PrivateKey } from '#pki/x509';
import type { MaterialFormat } from './material.ts';

/** What one file holds, before anything is matched or judged. It holds keys: it stays in this room. */
export interface FoundFile {
  readonly format: MaterialFormat;
  readonly keys: readonly FoundKey[];
  readonly certificates: readonly FoundCertificate[];
  /** Things that are neither, by what they are called. */
  readonly ignored: readonly Ignored[];
  /** Place of a JKS file that was read without its password. */
  readonly unchecked?: string;
}

export interface FoundKey {
  readonly place: string;
  /** Empty where the file has no name for it. */
  readonly alias: string;
  readonly key: PrivateKey;
  /** What a container has beside the key, its own certificate first; undefined in files that only list. */
  readonly chain?: readonly FoundCertificate[];
}

export interface FoundCertificate {
  readonly place: string;
  readonly alias: string;
  readonly certificate: Certificate;
}

export interface Ignored {
  readonly place: string;
  readonly what: string;
}

/** What `read` returns; its coded failure with the place named first. */
export function located<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CodedError) || place === '' || error.message.startsWith(place)) throw error;
    const { code, message, field, hint } = error;
    const details = { field: field?.startsWith('entry ') ? `${place} ${field}` : place, cause: error };
    throw new CodedError(code, `${place}: ${message}`, hint === undefined ? details : { ...details, hint });
  }
}

/** `tls.key entry 1 (private key)`; the file's name is empty where there is only one. */
export function entryPlace(file: string, entry: number | string, what?: string): string {
  const name = typeof entry === 'number' ? `entry ${entry}` : `entry ${printable(entry)}`;
  return `${file === '' ? '' : `${file} `}${name}${what === undefined ? '' : ` (${what})`}`;
}

const maximumAlias = 64;

/** The alias of a stranger's file in quotation marks, on one line and of bearable length. */
function printable(alias: string): string {
  const text = alias.replaceAll(/\p{C}/gu, '?');
  return `"${text.length <= maximumAlias ? text : `${text.slice(0, maximumAlias)}…`}"`;
}
