import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { attempt, type Client } from '../agent/load.ts';

export type Version = 'TLSv1.2' | 'TLSv1.3';

export interface Row {
  readonly server: string;
  readonly version: Version;
  total: number;
  readonly failures: string[];
}

export interface Called {
  readonly name: string;
  readonly port: number;
}

/** Files that the agent of the callers writes. */
export interface ClientFiles {
  readonly identity: string;
  readonly trust: string;
}

/** What a client that starts at this moment has. */
export function clientIn({ identity, trust }: ClientFiles): Client {
  const pem = readFileSync(identity, 'utf8');
  return { cert: pem, key: pem, ca: readFileSync(trust, 'utf8') };
}

/**
 * Callers that make one full handshake after the other, at each server in turn, with TLS 1.2 and 1.3 by turns, and with
 * the files of that moment; both sides verify.
 */
export class Handshakes implements AsyncDisposable {
  readonly rows: readonly Row[];
  readonly #servers: readonly Called[];
  readonly #files: ClientFiles;
  #isStopped = false;
  readonly #running: Promise<unknown>;

  constructor(servers: readonly Called[], files: ClientFiles, callers = 2) {
    this.#servers = servers;
    this.#files = files;
    this.rows = servers.flatMap(({ name: server }) =>
      (['TLSv1.2', 'TLSv1.3'] as const).map((version) => ({ server, version, total: 0, failures: [] })),
    );
    this.#running = Promise.all(Array.from({ length: callers }, (_, at) => this.#call(at)));
  }

  get total(): number {
    return this.rows.reduce((sum, { total }) => sum + total, 0);
  }

  get failures(): string[] {
    return this.rows.flatMap(({ server, version, failures }) => failures.map((end) => `${server} ${version}: ${end}`));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #call(first: number): Promise<void> {
    for (let at = first; !this.#isStopped; at += 1) {
      const row = this.rows[at % this.rows.length]!;
      await this.#shake(row, this.#servers.find(({ name }) => name === row.server)!.port);
      await turn();
    }
  }

  async #shake(row: Row, port: number): Promise<void> {
    const maxVersion = row.version === 'TLSv1.2' ? row.version : undefined;
    const { isGood, end, version } = await attempt(port, clientIn(this.#files), maxVersion);
    row.total += 1;
    if (!isGood) row.failures.push(end);
    else if (version !== row.version) row.failures.push(`spoke ${version}`);
  }
}
