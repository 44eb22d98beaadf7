import type { KubeObject } from '#model/objects';
import { identityOf, isAlarming, judge, transitionMessage, transitionRemark } from '#model/expiry';
import type { ExpiryMessage, ExpiryState, ExpiryVerdict, WatchedCertificate } from '#model/expiry';
import { Checkpoint } from '#control/runtime';
import { controllerUser, systemNamespace } from '../context.ts';
import type { LoopContext } from '../context.ts';

const everyMilliseconds = 3000;
/** Due keys come a little after their instant. */
const slackMilliseconds = 1000;

export interface AnnouncementsOptions {
  /** Whether everything that has fallen due has been looked at. */
  readonly isSettled: () => boolean;
  readonly notify: (message: ExpiryMessage) => void;
}

/**
 * Tells of each state that a certificate comes into, once: as an Event and to `notify`. States begin at instants that
 * depend on the certificate alone, so all there is to remember, also over a restart, is up to when everything was told.
 */
export class Announcements {
  readonly #context: LoopContext;
  readonly #options: AnnouncementsOptions;
  readonly #checkpoint: Checkpoint;
  /** What was told after `#toldUntil`. */
  readonly #told = new Map<string, { readonly state: ExpiryState; readonly since: number }>();
  #toldUntil = 0;

  constructor(context: LoopContext, options: AnnouncementsOptions) {
    const { store, kinds, clock, log } = context;
    this.#context = context;
    this.#options = options;
    this.#checkpoint = new Checkpoint({
      store,
      kind: kinds.configMap,
      namespace: systemNamespace,
      name: 'expiry',
      clock,
      user: controllerUser,
      everyMilliseconds,
      positions: () => ({ toldUntil: String(this.#settle()) }),
      onFailure: (error) =>
        log.warn({ problem: String(error) }, 'what was told of expiring certificates was not saved'),
    });
  }

  async load(): Promise<void> {
    this.#toldUntil = Number((await this.#checkpoint.load())['toldUntil'] ?? 0);
  }

  /** To be called before the queue forgets what waits. */
  stop(): Promise<void> {
    if (this.#told.size > 0) this.#checkpoint.touch();
    return this.#checkpoint.stop();
  }

  /** Whether a state that began then may not have been told yet. */
  isNews({ state, since }: ExpiryVerdict): boolean {
    return isAlarming(state) && since !== undefined && since.getTime() > this.#toldUntil;
  }

  /** Tells of the state of a certificate in `about`, unless it was told. */
  tell(about: KubeObject, certificate: WatchedCertificate, verdict = this.#judge(certificate)): void {
    const { state, since } = verdict;
    const id = identityOf(certificate);
    if (this.#told.get(id)?.state === state) return;
    this.#told.set(id, { state, since: since?.getTime() ?? 0 });
    const transition = { certificate, verdict, at: this.#context.clock.now() };
    this.#context.events.record({ about, ...transitionRemark(transition) });
    this.#options.notify(transitionMessage(transition));
    this.#checkpoint.touch();
  }

  #judge(certificate: WatchedCertificate): ExpiryVerdict {
    return judge(certificate, this.#context.clock.now());
  }

  /** Moves the mark up to now when nothing is left behind it. */
  #settle(): number {
    if (!this.#options.isSettled()) {
      this.#checkpoint.touch();
      return this.#toldUntil;
    }
    this.#toldUntil = Math.max(this.#toldUntil, this.#context.clock.now().getTime() - slackMilliseconds);
    for (const [id, { since }] of this.#told) if (since <= this.#toldUntil) this.#told.delete(id);
    return this.#toldUntil;
  }
}
