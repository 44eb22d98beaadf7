import type { CallerFailureCode } from '../failures/codes.ts';

/** What the header of a caller's request says, and what of it is passed on. */
export interface RequestHeaders {
  /** Name, value, name, value; names in lower case. */
  readonly kept: string[];
  /** From Host; HTTP/2 has it elsewhere. */
  readonly host: string | undefined;
  readonly contentLength: number | undefined;
  readonly isChunked: boolean;
  readonly isWebSocket: boolean;
  /** The caller takes trailers (gRPC asks for them). */
  readonly wantsTrailers: boolean;
  readonly via: string | undefined;
}

export type HeaderReading =
  { readonly ok: true; readonly headers: RequestHeaders } | { readonly ok: false; readonly code: CallerFailureCode };

type Rule = 'drop' | 'host' | 'length' | 'encoding' | 'connection' | 'upgrade' | 'te' | 'via' | 'cookie';

/**
 * What is not simply passed on. `drop`: what belongs to one connection, what only this gateway may say of a caller (a
 * backend believes it), and `expect`, which the gateway itself answers.
 */
const rules = new Map<string, Rule>([
  ['host', 'host'],
  ['content-length', 'length'],
  ['transfer-encoding', 'encoding'],
  ['connection', 'connection'],
  ['upgrade', 'upgrade'],
  ['te', 'te'],
  ['via', 'via'],
  ['cookie', 'cookie'],
  ['expect', 'drop'],
  ['keep-alive', 'drop'],
  ['proxy-connection', 'drop'],
  ['proxy-authorization', 'drop'],
  ['proxy-authenticate', 'drop'],
  ['http2-settings', 'drop'],
  ['trailer', 'drop'],
  ['client-cert', 'drop'],
  ['client-cert-chain', 'drop'],
  ['forwarded', 'drop'],
  ['x-forwarded-for', 'drop'],
  ['x-forwarded-proto', 'drop'],
  ['x-forwarded-host', 'drop'],
  ['x-forwarded-port', 'drop'],
  ['x-forwarded-server', 'drop'],
  ['x-forwarded-client-cert', 'drop'],
  ['x-real-ip', 'drop'],
]);

/** Reads `raw` (name, value, name, value) once. */
export function readRequestHeaders(raw: readonly string[]): HeaderReading {
  const reading = new Reading();
  for (let i = 0; i < raw.length; i += 2) reading.take(raw[i]!, raw[i + 1]!);
  return reading.result();
}

/** CGI and its heirs read `Client_Cert` as `Client-Cert`. */
function mimics(name: string): boolean {
  return name.includes('_') && rules.has(name.replaceAll('_', '-'));
}

class Reading {
  kept: string[] = [];
  host: string | undefined;
  contentLength: number | undefined;
  isChunked = false;
  wantsTrailers = false;
  via: string | undefined;
  #cookie: string | undefined;
  #connection: string | undefined;
  #upgrade: string | undefined;
  #fault: CallerFailureCode | undefined;

  get isWebSocket(): boolean {
    return this.#upgrade?.toLowerCase() === 'websocket';
  }

  take(name: string, value: string): void {
    const lower = name.toLowerCase();
    const rule = rules.get(lower);
    if (rule === undefined) {
      if (!mimics(lower)) this.kept.push(lower, value);
    } else if (rule !== 'drop') this.#note(rule, value);
  }

  result(): HeaderReading {
    if (this.#fault !== undefined) return { ok: false, code: this.#fault };
    if (this.#cookie !== undefined) this.kept.push('cookie', this.#cookie);
    if (this.#connection !== undefined) this.#dropNominated(this.#connection);
    return { ok: true, headers: this };
  }

  #note(rule: Exclude<Rule, 'drop'>, value: string): void {
    if (rule === 'host') this.#noteHost(value);
    else if (rule === 'length') this.#noteLength(value);
    else if (rule === 'encoding') this.isChunked = true;
    else if (rule === 'connection') this.#connection = joined(this.#connection, ',', value);
    else if (rule === 'upgrade') this.#upgrade = joined(this.#upgrade, ',', value);
    else if (rule === 'te') this.wantsTrailers ||= /(?:^|,)\s*trailers\s*(?:,|$)/iu.test(value);
    else if (rule === 'via') this.via = joined(this.via, ', ', value);
    // HTTP/2 sends cookies one by one (RFC 9113 section 8.2.3).
    else this.#cookie = joined(this.#cookie, '; ', value);
  }

  #noteHost(value: string): void {
    if (this.host !== undefined) this.#fault = 'bad-request';
    this.host = value;
  }

  #noteLength(value: string): void {
    if (this.contentLength !== undefined || !/^\d{1,15}$/u.test(value)) this.#fault = 'bad-request';
    this.contentLength = Number(value);
  }

  /** RFC 9110 section 7.6.1: fields that the connection's own header names are for the connection only. */
  #dropNominated(connection: string): void {
    const named = connection
      .toLowerCase()
      .split(',')
      .map((option) => option.trim());
    if (named.every((option) => option === 'keep-alive' || option === 'close' || option === 'upgrade' || option === ''))
      return;
    const kept: string[] = [];
    for (let i = 0; i < this.kept.length; i += 2) {
      if (!named.includes(this.kept[i]!)) kept.push(this.kept[i]!, this.kept[i + 1]!);
    }
    this.kept = kept;
  }
}

function joined(before: string | undefined, separator: string, value: string): string {
  return before === undefined ? value : `${before}${separator}${value}`;
}
