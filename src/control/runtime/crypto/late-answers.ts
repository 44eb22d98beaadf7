/** Answers that go out together, and how long the first of them may be kept. */
const groupSize = 8;
const longestMilliseconds = 250;
/** With fewer still under way somebody may be watching; with more, a fraction of a second is nothing to the last of them. */
const crowd = 24;

/**
 * Answers that come one by one, such as those that waited for an RSA key. While a crowd is still under way they are kept
 * until there is a group of them, so that the main thread wakes and commits once for the group and leaves the cores to
 * the keys; without a crowd they go out at the end of the turn.
 */
export class LateAnswers<T> {
  readonly #send: (answers: readonly T[]) => void;
  #kept: T[] = [];
  #underWay = 0;
  #ending: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (answers: readonly T[]) => void) {
    this.#send = send;
  }

  /** Somebody will be answered late. */
  expect(): void {
    this.#underWay += 1;
  }

  add(answer: T): void {
    this.#underWay -= 1;
    this.#kept.push(answer);
    if (this.#underWay >= crowd && this.#kept.length < groupSize) this.#keep();
    else this.#ending ??= setImmediate(() => this.#flush());
  }

  #keep(): void {
    this.#timer ??= setTimeout(() => this.#flush(), longestMilliseconds);
  }

  #flush(): void {
    clearImmediate(this.#ending);
    clearTimeout(this.#timer);
    this.#ending = undefined;
    this.#timer = undefined;
    this.#send(this.#kept.splice(0));
  }
}
