import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Tally } from '../rotation-kill/calls.ts';
import type { SiteServer } from './site.ts';

const program = fileURLToPath(new URL('./south-process.ts', import.meta.url));

export interface SouthOrder {
  readonly servers: readonly SiteServer[];
  /** Names of those that are restarted for new material. */
  readonly restarting: readonly string[];
}

export type SouthWish = 'furnish' | 'open' | 'call' | 'cut' | 'mend' | 'stop';

/** What a program is started below to be in the southern site, with `own` as what lies at `here`. */
export function inSouth(own: string, here: string): readonly string[] {
  const script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';
  return ['ip', 'netns', 'exec', 'south', 'sh', '-c', script, 'sh', own, here];
}

/** The process of the southern site, seen from the northern one. */
export class South {
  readonly #child: ChildProcess;

  constructor(below: readonly string[], order: SouthOrder) {
    const argv = [...below, process.execPath, program, JSON.stringify(order)];
    this.#child = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** Has it done; the tally of its callers when they were stopped. */
  async ask(wish: SouthWish): Promise<Tally | null> {
    const answered = once(this.#child, 'message');
    const gone = once(this.#child, 'exit').then(() => Promise.reject(new Error('the southern site is gone')));
    this.#child.send(wish);
    const [{ answer }] = (await Promise.race([answered, gone])) as [{ readonly answer: Tally | null }];
    return answer;
  }
}
