import type { Outcome } from './outcome.ts';

export type Phase = 'staged' | 'control';

export interface Count {
  readonly total: number;
  readonly failed: number;
  /** How often each failure was seen. */
  readonly ends: ReadonlyMap<string, number>;
}

/** Handshakes counted by phase, caller and server. */
export class Tally {
  phase: Phase = 'staged';
  readonly #counts = new Map<string, { total: number; failed: number; ends: Map<string, number> }>();

  /** The phase is that in which the handshake began. */
  add(phase: Phase, caller: string, server: string, { isGood, end }: Outcome): void {
    const key = `${phase} ${caller} ${server}`;
    const count = this.#counts.get(key) ?? { total: 0, failed: 0, ends: new Map<string, number>() };
    this.#counts.set(key, count);
    count.total += 1;
    if (isGood) return;
    count.failed += 1;
    count.ends.set(end, (count.ends.get(end) ?? 0) + 1);
  }

  of(phase: Phase): Count {
    return this.rows(phase).reduce<Count>((sum, { count }) => plus(sum, count), none);
  }

  rows(phase: Phase): { readonly caller: string; readonly server: string; readonly count: Count }[] {
    return [...this.#counts].flatMap(([key, count]) => {
      const [of, caller = '', server = ''] = key.split(' ');
      return of === phase ? [{ caller, server, count }] : [];
    });
  }
}

const none: Count = { total: 0, failed: 0, ends: new Map() };

function plus(a: Count, b: Count): Count {
  const ends = new Map(a.ends);
  for (const [end, times] of b.ends) ends.set(end, (ends.get(end) ?? 0) + times);
  return { total: a.total + b.total, failed: a.failed + b.failed, ends };
}
