import type { ExpiryVerdict } from './expiry-state.ts';

/** `CN=a expires in 27 days, at 2026-12-19T00:00:00Z`. */
export function ending(subject: string, notAfter: string, { state, daysLeft }: ExpiryVerdict): string {
  const name = subject === '' ? 'A certificate without a subject' : subject;
  if (state === 'expired') return `${name} expired ${ago(daysLeft)}, at ${notAfter}`;
  const overdue = state === 'due' ? ' should have been renewed, and' : '';
  return `${name}${overdue} expires in ${span(daysLeft)}, at ${notAfter}`;
}

function ago(daysLeft: number): string {
  return daysLeft > -1 / 24 ? 'just now' : `${span(-daysLeft)} ago`;
}

/** Whole days, below two days whole hours, below two hours whole minutes. */
function span(days: number): string {
  if (days >= 2) return `${Math.floor(days)} days`;
  const hours = days * 24;
  return hours >= 2 ? `${Math.floor(hours)} hours` : `${Math.max(0, Math.floor(hours * 60))} minutes`;
}
