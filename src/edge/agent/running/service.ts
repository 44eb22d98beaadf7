import { waitFor } from '../reloading/wait-for.ts';
import { keepSessions, takesSession, type KeptSession } from '../probing/sessions.ts';
import { shake } from '../probing/shake.ts';
import type { ClientIdentity } from '#edge/instances';
import { placeOf, type ProbedListener } from '../probing/targets.ts';
import { done, failed, type Step } from '../step.ts';

/** The listeners of one instance as seen from outside over a change: whether they still serve, and whom they remember. */
export class Service {
  readonly #timeoutMilliseconds: number;
  readonly #sessions = new Map<string, readonly KeptSession[]>();

  constructor(timeoutMilliseconds: number) {
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  /**
   * Looks before a change, and keeps sessions of what is then the past: `isBefore`, when it surely is, for a session of
   * what the server has now would be taken for ever. Answers which listeners serve, and what they show.
   */
  async observe(
    listeners: readonly ProbedListener[],
    identity: ClientIdentity | undefined,
    isBefore: boolean,
  ): Promise<ReadonlyMap<ProbedListener, string>> {
    const serving = new Map<ProbedListener, string>();
    for (const listener of listeners) {
      const shown = await this.#shown(listener);
      if (shown === undefined) continue;
      serving.set(listener, shown);
      if (!isBefore) continue;
      const kept = await keepSessions(listener, identity, this.#timeoutMilliseconds);
      this.#sessions.set(listener.listener.name, kept);
    }
    return serving;
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

  /** Whether all listeners that served before a change serve after it. */
  async stillServe(before: Iterable<ProbedListener>): Promise<Step> {
    for (const listener of before) {
      if ((await waitFor(() => this.#shown(listener), this.#timeoutMilliseconds)) === undefined) {
        return failed('no-handshake', `${placeOf(listener)} served before the change, and not after it`);
      }
    }
    return done;
  }

  /** Whether the listener shows the certificate within a time in which the server must have noticed it. */
  async willShow(listener: ProbedListener, fingerprint: string, milliseconds: number): Promise<Step> {
    const look = async (): Promise<true | undefined> =>
      (await this.#shown(listener)) === fingerprint ? true : undefined;
    if (await waitFor(look, milliseconds)) return done;
    const message = `${placeOf(listener)} does not show the new certificate ${milliseconds / 1000} s after it was told`;
    return failed('other-certificate', message);
  }

  async #shown({ target }: ProbedListener): Promise<string | undefined> {
    return (await shake(target, { timeoutMilliseconds: this.#timeoutMilliseconds })).fingerprint;
  }
}
