import { isCoded } from '#errors';
import type { CodedError, ErrorCode } from '#errors';
import type { Finding } from '#pki/material';

/** What an admitted object's files hold: the material, or why it cannot be used. */
export type Reading<T> = { readonly material: T } | { readonly problem: string; readonly code: ErrorCode };

/** Reads uploaded material; a coded failure becomes the sentence that a field error tells. */
export function readMaterial<T>(read: () => T): Reading<T> {
  try {
    return { material: read() };
  } catch (error) {
    if (!isCoded(error)) throw error;
    return { problem: problemOf(error), code: error.code };
  }
}

function problemOf({ message, field, hint }: CodedError): string {
  const place = field === undefined || message.includes(field) ? '' : `${field}: `;
  return sentences(`${place}${message}`, hint);
}

/** Message and hint in one: `A. B.` of sentences, `a; b` of parts of one. */
export function sentences(message: string, hint: string | undefined): string {
  if (hint === undefined) return message;
  return message.endsWith('.') ? `${message} ${hint}` : `${message}; ${hint}`;
}

/** `entry 2 (certificate): expired on ...` */
export const findingText = ({ entry, message }: Finding): string => (entry === '' ? message : `${entry}: ${message}`);

/** What keeps material from working. What only waits for its day does not: it may be put in place before. */
export const graveFindings = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ severity, code }) => severity === 'error' && code !== 'not-yet-valid');

/** What works and yet should be known. */
export const mildFindings = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ severity, code }) => severity === 'warning' || code === 'not-yet-valid');
