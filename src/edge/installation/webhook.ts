import type { Clock } from '#control/runtime';
import type { WebhookTarget } from './webhook-target.ts';

/** A message, and what tells a receiver that it has had it before. */
export interface WebhookMessage {
  readonly id: string;
}

export interface WebhookOptions {
  readonly target: WebhookTarget;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
  /** Posts; left out: Node's own, which verifies certificates. */
  readonly fetch?: typeof fetch;
}

/** Messages that wait; of more the oldest are dropped. */
const mostWaiting = 1000;
const timeoutMilliseconds = 10_000;
const firstPauseMilliseconds = 1000;
const longestPauseMilliseconds = 300_000;
/** With the pauses between them, somewhat more than a day. */
const mostAttempts = 300;
/** How long a message that is under way at the end may take. */
const drainMilliseconds = 2000;

/**
 * Posts messages as JSON to one address, in order, one at a time, until each is taken. What the receiver cannot take
 * now is tried again later and later; what it refuses is dropped. Nothing waits for it, and what waits is bounded.
 */
export class Webhook {
  readonly #options: WebhookOptions;
  readonly #waiting: WebhookMessage[] = [];
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #dropped = 0;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  send(message: WebhookMessage): void {
    if (this.#stop.signal.aborted) return;
    if (this.#waiting.length >= mostWaiting) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#waiting.push(message);
    this.#running ??= this.#deliver().finally(() => (this.#running = undefined));
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Lets what is under way finish for a moment, and forgets the rest. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    const left = this.#waiting.length;
    if (left > 0) this.#warn({ left }, 'messages about certificates were not delivered before the end');
  }

  async #deliver(): Promise<void> {
    for (let message = this.#waiting[0]; message !== undefined; message = this.#waiting[0]) {
      const isDone = await this.#post(message);
      if (isDone && this.#waiting[0] === message) this.#waiting.shift();
      if (this.#dropped > 0) this.#warn({ dropped: this.#dropped }, 'messages were dropped because too many waited');
      this.#dropped = 0;
      if (this.#stop.signal.aborted) return;
    }
  }

  /** Whether the message needs no further thought: it was taken, refused, or is given up. */
  async #post(message: WebhookMessage): Promise<boolean> {
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const outcome = await this.#try(message);
      if (outcome === 'taken') return true;
      if (this.#stop.signal.aborted) return false;
      if (outcome.final) {
        this.#warn(outcome, 'a webhook refused a message');
        return true;
      }
      if (attempt === 1) this.#warn(outcome, 'a webhook did not take a message; it is tried again');
      await this.#pause(Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** Math.min(attempt - 1, 20)));
      if (this.#stop.signal.aborted) return false;
    }
    this.#warn({ attempts: mostAttempts }, 'a webhook did not take a message, which is given up');
    return true;
  }

  async #try(message: WebhookMessage): Promise<'taken' | { readonly final: boolean; readonly problem: string }> {
    const { target, fetch: post = fetch } = this.#options;
    try {
      const answer = await post(target.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': message.id, ...target.headers },
        body: JSON.stringify(message),
        redirect: 'manual',
        signal: this.#deadline(),
      });
      await answer.body?.cancel();
      if (answer.ok) return 'taken';
      const later = answer.status >= 500 || [408, 425, 429].includes(answer.status);
      return { final: !later, problem: `HTTP ${answer.status}` };
    } catch (error) {
      return { final: false, problem: problemOf(error) };
    }
  }

  #deadline(): AbortSignal {
    const draining = new AbortController();
    const cut = (): void => void setTimeout(() => draining.abort(), drainMilliseconds).unref();
    if (this.#stop.signal.aborted) cut();
    else this.#stop.signal.addEventListener('abort', cut, { once: true });
    return AbortSignal.any([AbortSignal.timeout(timeoutMilliseconds), draining.signal]);
  }

  #pause(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(milliseconds, resolve);
    const end = (): void => (timer.cancel(), resolve());
    this.#stop.signal.addEventListener('abort', end, { once: true });
    return promise.finally(() => this.#stop.signal.removeEventListener('abort', end));
  }

  #warn(fields: object, message: string): void {
    this.#options.log.warn({ webhook: this.#options.target.name, ...fields }, message);
  }
}

/** The cause, as undici has it: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. No address, which may hold a secret. */
function problemOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string }; name?: string };
  return cause?.code ?? name ?? 'failed';
}
