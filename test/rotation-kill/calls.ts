import { connect } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { serverName } from './estate.ts';

/** How one full handshake with a request ended. */
export interface Outcome {
  /** `cut`: the connection was refused, broken or silent, and nobody has said a word about a certificate. */
  readonly kind: 'good' | 'cut' | 'failed';
  readonly end: string;
  /** DER of the certificate that the server showed. */
  readonly shown?: Buffer | undefined;
}

export interface Identity {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

const cutCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
]);
/** Many processes share few cores: slow is not failed. */
const patience = 30_000;
/** Where something on the way is known to be away. */
const impatience = 1500;
const request = `GET / HTTP/1.1\r\nhost: ${serverName}\r\nconnection: close\r\n\r\n`;

/** One full handshake with verification on both sides, and a request; good when it was answered with 200. */
export function call(
  at: { readonly host: string; readonly port: number },
  identity: Identity,
  { isOld = false, timeoutMilliseconds = patience } = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const maxVersion = isOld ? 'TLSv1.2' : 'TLSv1.3';
    const socket = connect({ ...at, servername: serverName, maxVersion, ...identity });
    let answer = '';
    let shown: Buffer | undefined;
    const finish = (kind: Outcome['kind'], end: string): void => {
      socket.destroy();
      if (/^HTTP\/1\.\d 200 /.test(answer)) resolve({ kind: 'good', end: 'answered', shown });
      else resolve(answer === '' ? { kind, end, shown } : { kind: 'failed', end: answer.slice(0, 60), shown });
    };
    socket.setTimeout(timeoutMilliseconds, () => finish('cut', 'timeout'));
    socket.once('secureConnect', () => {
      shown = socket.getPeerX509Certificate()?.raw;
      socket.write(request);
    });
    socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      finish(cutCodes.has(error.code ?? '') ? 'cut' : 'failed', error.message),
    );
    socket.once('close', () => finish('cut', 'closed'));
  });
}

/** Times at which something was known to be away: a server that was killed, a link that was cut. */
export class Outages {
  readonly #spans: { readonly name: string; readonly from: number; to: number }[] = [];

  begin(name: string): void {
    this.#spans.push({ name, from: performance.now(), to: Infinity });
  }

  end(name: string): void {
    for (const span of this.#spans) if (span.name === name && span.to === Infinity) span.to = performance.now();
  }

  /** Whether any of `names` is away. */
  isAway(names: readonly string[]): boolean {
    return this.#spans.some((span) => span.to === Infinity && names.includes(span.name));
  }

  /** Whether any of `names` was away at some moment between the two. */
  touch(names: readonly string[], from: number, to: number): boolean {
    return this.#spans.some((span) => names.includes(span.name) && span.from <= to && span.to >= from);
  }
}

/** Who calls whom, and by what the way between them can be interrupted. */
export interface Route {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly identity: () => Identity;
  readonly needs: readonly string[];
}

export interface Tally {
  /** Full handshakes that were answered. */
  readonly good: number;
  /** Those that had no path: a server was dead, or the link was cut. */
  readonly cut: number;
  /** All others. */
  readonly failures: readonly string[];
  /** The good ones. */
  readonly perRoute: Readonly<Record<string, number>>;
}

/** Callers of all routes, one handshake after the other, until they are stopped. */
export class Calls {
  good = 0;
  cut = 0;
  readonly failures: string[] = [];
  readonly perRoute = new Map<string, number>();
  readonly #outages: Outages;
  readonly #running: Promise<unknown>;
  #isStopped = false;

  constructor(routes: readonly Route[], outages: Outages, pauseMilliseconds = 5) {
    this.#outages = outages;
    this.#running = Promise.all(routes.map((route) => this.#run(route, pauseMilliseconds)));
  }

  get tally(): Tally {
    const { good, cut, failures } = this;
    return { good, cut, failures, perRoute: Object.fromEntries(this.perRoute) };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #run(route: Route, pauseMilliseconds: number): Promise<void> {
    for (let turn = 0; !this.#isStopped; turn += 1) {
      const from = performance.now();
      const timeoutMilliseconds = this.#outages.isAway(route.needs) ? impatience : patience;
      const limits = { isOld: turn % 2 === 1, timeoutMilliseconds };
      this.#count(route, from, await call(route, route.identity(), limits));
      await delay(pauseMilliseconds);
    }
  }

  #count({ name, needs }: Route, from: number, { kind, end }: Outcome): void {
    const to = performance.now();
    if (kind === 'good') {
      this.good += 1;
      this.perRoute.set(name, (this.perRoute.get(name) ?? 0) + 1);
    } else if (kind === 'cut' && this.#outages.touch(needs, from, to)) this.cut += 1;
    else this.failures.push(`${name} at ${new Date().toISOString()} after ${Math.round(to - from)} ms: ${end}`);
  }
}
