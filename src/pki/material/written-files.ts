import { writeJCEKS, writeJKS, writePKCS12 } from '#pki/keystore';
import type { Keystore, PKCS12ProfileName, RandomBytes } from '#pki/keystore';
import { CodedError } from '#errors';
import { formatPEM } from '#pki/x509';
import type { MaterialFile, MaterialFormat } from './material.ts';

export type WrittenFormat = Exclude<MaterialFormat, 'PKCS7'>;

export interface WriteOptions {
  readonly format: WrittenFormat;
  /** Demanded by PKCS12, JKS and JCEKS; a key in PEM or DER is encrypted with it when it is given. */
  readonly password?: string | undefined;
  /** How a PKCS#12 file is protected; Modern2023 when left out. */
  readonly profile?: PKCS12ProfileName | undefined;
  readonly random: RandomBytes;
  /** The date that Java shows for every entry. */
  readonly now: Date;
}

type ContainerFormat = Exclude<WrittenFormat, 'PEM' | 'DER'>;

export function isContainerFormat(format: WrittenFormat): format is ContainerFormat {
  return format !== 'PEM' && format !== 'DER';
}

/** The one file of a container format, `keystore.p12`. Error `keystore-password-missing`. */
export function containerFile(
  name: string,
  format: ContainerFormat,
  content: Keystore,
  { password, profile = 'Modern2023', random, now }: WriteOptions,
): MaterialFile {
  if (password === undefined || password === '') throw passwordNeeded(format);
  switch (format) {
    case 'PKCS12':
      return { name: `${name}.p12`, bytes: writePKCS12(content, { password, profile, random }) };
    case 'JKS':
      return { name: `${name}.jks`, bytes: writeJKS(content, { password, random, now }) };
    case 'JCEKS':
      break;
  }
  return { name: `${name}.jceks`, bytes: writeJCEKS(content, { password, random, now }) };
}

function passwordNeeded(format: string): CodedError {
  return new CodedError('keystore-password-missing', `A file of format ${format} is written with a password only.`, {
    field: 'password',
    hint: 'Give a password, or choose PEM or DER.',
  });
}

/** Blocks one after the other. */
export function pemFile(name: string, blocks: readonly { label: string; der: Uint8Array }[]): MaterialFile {
  const text = blocks.map(({ label, der }) => formatPEM(label, der)).join('');
  return { name, bytes: Uint8Array.from(Buffer.from(text, 'latin1')) };
}
