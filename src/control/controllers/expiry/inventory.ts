import { formatTimestamp } from '#model/objects';
import { byUrgency, judge } from '#model/expiry';
import type { ExpiringCertificate, ExpiryList, WatchedCertificate } from '#model/expiry';
import type { Kind } from '#model/resources';
import type { LoopContext } from '../context.ts';
import { eachTerm } from './each-term.ts';
import { certificatesOf } from './managed-stores.ts';
import { keyOfObject, objectAt, watchedKinds } from './object-keys.ts';
import type { SeenBackends } from './seen-backends.ts';

export interface ExpiryQuery {
  /** What ends later is left out. */
  readonly until: Date;
  /** At most so many, the most urgent first. */
  readonly limit: number;
}

/**
 * The certificates that end first, of all kinds, read off the indexes when somebody asks: how many there are beyond what
 * was asked for makes no difference.
 */
export class ExpiryInventory {
  readonly #context: LoopContext;
  readonly #seen: SeenBackends;
  readonly #kinds: readonly Kind[];
  #running: Promise<ExpiryList> | undefined;

  constructor(context: LoopContext, seen: SeenBackends) {
    this.#context = context;
    this.#seen = seen;
    this.#kinds = watchedKinds(context);
  }

  async list({ until, limit }: ExpiryQuery): Promise<ExpiryList> {
    const { clock } = this.#context;
    const keys = await this.#keysUntil(until, limit);
    const certificates: WatchedCertificate[] = [];
    for (const key of keys.slice(0, limit)) {
      const object = await objectAt(this.#context, this.#kinds, key);
      if (object !== undefined) certificates.push(...(await certificatesOf(this.#context, object)));
    }
    certificates.push(...this.#seen.certificates());
    const now = clock.now();
    const shown = certificates
      .filter(({ notAfter }) => Date.parse(notAfter) <= until.getTime())
      .map((certificate) => expiring(certificate, now))
      .toSorted(byUrgency);
    return {
      at: formatTimestamp(now),
      items: shown.slice(0, limit),
      complete: keys.length <= limit && shown.length <= limit,
    };
  }

  /** The same; who asks while it is being made gets that one. */
  shared(query: ExpiryQuery): Promise<ExpiryList> {
    this.#running ??= this.list(query).finally(() => (this.#running = undefined));
    return this.#running;
  }

  /**
   * Keys of the objects in which something ends first; one more than the limit when there are more. Certificates that
   * renew themselves in time come after all others, or they would crowd them out.
   */
  async #keysUntil(until: Date, limit: number): Promise<string[]> {
    const now = formatTimestamp(this.#context.clock.now());
    const to = formatTimestamp(new Date(until.getTime() + 1000));
    const certificate = this.#context.kinds.certificate as unknown as Kind;
    const first = new Map<string, string>();
    for (const kind of this.#kinds) await this.#take(first, limit, { kind, index: 'expiry', from: '', to });
    await this.#take(first, limit, { kind: certificate, index: 'renewalTime', from: '', to: now });
    const keys = [...first.keys()].toSorted((a, b) => compare(first.get(a)!, first.get(b)!));
    const rest = new Map<string, string>();
    const room = limit - keys.length;
    if (room >= 0) await this.#take(rest, room, { kind: certificate, index: 'renewalTime', from: now, to });
    return [...new Set([...keys, ...rest.keys()])].slice(0, limit + 1);
  }

  /** Adds the first keys of an index with their values, at most one more than `limit`. */
  async #take(keys: Map<string, string>, limit: number, range: IndexRange): Promise<void> {
    let taken = 0;
    for await (const { value, namespace, name } of eachTerm(this.#context.store, range.kind, range.index, range)) {
      const key = keyOfObject(range.kind, namespace, name);
      if (!keys.has(key)) taken += 1;
      if (!keys.has(key) || keys.get(key)! > value) keys.set(key, value);
      if (taken > limit) return;
    }
  }
}

interface IndexRange {
  readonly kind: Kind;
  readonly index: string;
  readonly from: string;
  readonly to: string;
}

function expiring(certificate: WatchedCertificate, now: Date): ExpiringCertificate {
  const { state, daysLeft, fractionLeft } = judge(certificate, now);
  return { ...certificate, state, daysLeft, ...(fractionLeft === undefined ? {} : { fractionLeft }) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
