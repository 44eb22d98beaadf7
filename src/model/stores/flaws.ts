import type { KeystoreEntry, TruststoreEntry } from '#model/resources';
import type { Problem } from './problem.ts';

/** What is wrong with the dates of the first certificate whose dates are wrong; the chain's are not looked at. */
export function expiredFlaw(entries: readonly (KeystoreEntry | TruststoreEntry)[], now: Date): Problem | undefined {
  for (const { subject, notBefore, notAfter } of entries) {
    const flaw = dateFlaw({ subjectText: subject, notBefore: new Date(notBefore), notAfter: new Date(notAfter) }, now);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

interface Dated {
  readonly subjectText: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Why a certificate cannot be presented at `now`; its last second counts as valid (RFC 5280 4.1.2.5). */
export function dateFlaw({ subjectText, notBefore, notAfter }: Dated, now: Date): Problem | undefined {
  const who = `the certificate "${subjectText}"`;
  if (now < notBefore) {
    const hint = 'Wait, or set the clock right.';
    return { reason: 'NotYetValid', message: `${who} is not valid before ${seconds(notBefore)}`, hint };
  }
  if (now.getTime() < notAfter.getTime() + 1000) return undefined;
  return { reason: 'Expired', message: `${who} expired at ${seconds(notAfter)}`, hint: 'Renew or replace it.' };
}

const seconds = (date: Date): string => `${date.toISOString().slice(0, -5)}Z`;

interface Entries {
  readonly entries: readonly { readonly alias?: string }[];
  readonly count: number;
}

/** A store stands for one key: which one must be said when there are several. */
export function onlyEntryFlaw({ entries, count }: Entries): Problem | undefined {
  if (count === 1) return undefined;
  const aliases = entries.slice(0, 10).map(({ alias = '' }) => `"${alias}"`);
  const hint = `Set "alias" to one of ${aliases.join(', ')}.`;
  return { reason: 'EntryNotClear', message: `there are ${count} keys, and it is not said which is meant`, hint };
}
