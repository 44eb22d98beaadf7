import type { ListenerHost } from './listener-host.ts';

/**
 * The hosts by pattern, and which of them have a TLS context ready. A context costs tens of kilobytes, so that only the
 * hosts that were asked for last keep theirs.
 */
export class HostTable {
  readonly #hosts = new Map<string, ListenerHost>();
  /** Least recently used first. */
  readonly #ready = new Set<ListenerHost>();
  readonly #mostReady: number;

  constructor(mostReady: number) {
    this.#mostReady = mostReady;
  }

  get size(): number {
    return this.#hosts.size;
  }

  get readySize(): number {
    return this.#ready.size;
  }

  /** The one host for every name, when there is no other: who it is for needs no look at what the caller says. */
  get only(): ListenerHost | undefined {
    return this.#hosts.size === 1 ? this.#hosts.get('*') : undefined;
  }

  get(pattern: string): ListenerHost | undefined {
    return this.#hosts.get(pattern);
  }

  set(host: ListenerHost): void {
    this.delete(host.plan.host);
    this.#hosts.set(host.plan.host, host);
    if (host.isReady) this.#keepReady(host);
  }

  delete(pattern: string): ListenerHost | undefined {
    const host = this.#hosts.get(pattern);
    if (host === undefined) return undefined;
    this.#hosts.delete(pattern);
    this.#ready.delete(host);
    return host;
  }

  /** The host for a server name, or for the absence of one: exact, then `*.x` for one label, then `*`. */
  find(serverName: string | undefined): ListenerHost | undefined {
    if (serverName === undefined) return this.#hosts.get('*');
    return this.#hosts.get(serverName) ?? this.#hosts.get(wildcardOf(serverName)) ?? this.#hosts.get('*');
  }

  /** A handshake needs this host's context. Throws Node's error when it cannot be made. */
  use(host: ListenerHost): void {
    host.prepare();
    if (this.#hosts.get(host.plan.host) === host) this.#keepReady(host);
  }

  /** Every host makes its context anew for its next handshake. */
  releaseAll(): void {
    for (const host of this.#ready) host.release();
    this.#ready.clear();
  }

  #keepReady(host: ListenerHost): void {
    this.#ready.delete(host);
    this.#ready.add(host);
    if (this.#ready.size <= this.#mostReady) return;
    const [oldest] = this.#ready;
    this.#ready.delete(oldest!);
    oldest!.release();
  }
}

function wildcardOf(name: string): string {
  const dot = name.indexOf('.');
  return dot === -1 ? '*' : `*${name.slice(dot)}`;
}
