import { waitFor } from '../reloading/wait-for.ts';
import { keepSessions, takesSession, type KeptSession } from '../probing/sessions.ts';
import { shake } from '../probing/shake.ts';
import type { ClientIdentity } from '../probing/strange-identity.ts';
import { placeOf, type ProbedListener } from '../probing/targets.ts';
import { done, failed, type Step } from '../step.ts';

/** The listeners of one instance as seen from outside over a change: whether they still serve, and whom they remember. */
export class Service {
  readonly #timeoutMilliseconds: number;
  readonly #sessions = new Map<string, readonly KeptSession[]>();

  constructor(timeoutMilliseconds: number) {
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  /** Looks before a change, and keeps sessions of what is then the past. The answer looks whether all still serve. */
  async observe(
    listeners: readonly ProbedListener[],
    identity: ClientIdentity | undefined,
  ): Promise<() => Promise<Step>> {
    const serving: ProbedListener[] = [];
    for (const listener of listeners) {
      if (!(await this.#serves(listener))) continue;
      serving.push(listener);
      const kept = await keepSessions(listener, identity, this.#timeoutMilliseconds);
      this.#sessions.set(listener.listener.name, kept);
    }
    return () => this.#stillServe(serving);
  }

  /** Whether sessions from before the last change are at hand for the listener. */
  hasSessions({ listener }: ProbedListener): boolean {
    return (this.#sessions.get(listener.name) ?? []).length > 0;
  }

  /** Whether the listener lets somebody in who was let in before the last change, without another look. */
  async remembers(listener: ProbedListener): Promise<boolean> {
    const sessions = this.#sessions.get(listener.listener.name) ?? [];
    return takesSession(listener, sessions, this.#timeoutMilliseconds);
  }

  async #serves({ target }: ProbedListener): Promise<boolean> {
    const { fingerprint } = await shake(target, { timeoutMilliseconds: this.#timeoutMilliseconds });
    return fingerprint !== undefined;
  }

  async #stillServe(listeners: readonly ProbedListener[]): Promise<Step> {
    for (const listener of listeners) {
      const serves = await waitFor(
        async () => ((await this.#serves(listener)) ? true : undefined),
        this.#timeoutMilliseconds,
      );
      if (serves === undefined) {
        return failed('no-handshake', `${placeOf(listener)} served before the change, and not after it`);
      }
    }
    return done;
  }
}
