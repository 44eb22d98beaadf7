import { createHash } from 'node:crypto';
import { readCertificateText, sizeLimits } from '#pki/material';
import type { TruststoreMaterial } from '#pki/material';
import { BoundedMemo } from '../bounded-memo.ts';
import { readMaterial } from './material-reading.ts';
import type { Reading } from './material-reading.ts';

/** Stands for uploaded bytes in an answer: what was pasted into the wrong field may be a private key. */
export const notShown = '(not shown)';

/** Iterations of key derivation that one upload may cost, as others wait for the same thread. */
export const uploadWorkLimit = sizeLimits.interactiveIterations;

/** Rules, remarks and checks of one write look at the same text with the same clock. */
const readings = new BoundedMemo<Reading<TruststoreMaterial>>(8);

/** The certificates of a text field of a user's object. */
export function readUploadedText(text: string, now: Date): Reading<TruststoreMaterial> {
  const key = `${createHash('sha256').update(text).digest('base64')} ${now.getTime()}`;
  return readings.get(key, () => readMaterial(() => readCertificateText(text, { now, workLimit: uploadWorkLimit })));
}
