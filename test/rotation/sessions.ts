import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../agent/load.ts';
import { findPeer } from '../peers/peer.ts';
import type { Version } from './handshakes.ts';

const request = 'GET / HTTP/1.1\r\nhost: site.invalid\r\nconnection: close\r\n\r\n';

/** A session as a client keeps it for later, with all that the client had then. */
export interface KeptSession {
  readonly version: Version;
  readonly file: string;
  readonly client: Client;
}

export interface Resumption {
  /** Whether the server took the session instead of a full handshake. */
  readonly isResumed: boolean;
  /** Whether the request was answered with 200. */
  readonly isGood: boolean;
  readonly said: string;
}

/** OpenSSL as a client that keeps its sessions in files; in a folder of its own. */
export class SessionKeeper {
  readonly #folder: string;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A full handshake with `client`, and the session that came of it. */
  async keep(port: number, client: Client, version: Version): Promise<KeptSession> {
    const file = join(this.#folder, `session-${(this.#count += 1)}.pem`);
    const { isGood, said } = await this.#call(port, client, version, ['-sess_out', file]);
    if (!isGood) throw new Error(`no session of ${version} at ${port}: ${said}`);
    return { version, file, client };
  }

  /** The same client comes back; the server's certificate is accepted whoever issued it. */
  async resume(port: number, { version, file, client }: KeptSession): Promise<Resumption> {
    return this.#call(port, client, version, ['-sess_in', file], false);
  }

  async #call(
    port: number,
    { cert, ca }: Client,
    version: Version,
    more: readonly string[],
    verifies = true,
  ): Promise<Resumption> {
    const [identity, trust] = [join(this.#folder, 'client.pem'), join(this.#folder, 'trust.pem')];
    writeFileSync(identity, cert, { mode: 0o600 });
    writeFileSync(trust, ca);
    const presenting = ['-cert', identity, '-key', identity, '-cert_chain', identity, '-servername', 'site.invalid'];
    const trusting = ['-CAfile', trust, ...(verifies ? ['-verify_return_error'] : [])];
    const protocol = version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3';
    const said = await run([
      's_client',
      '-connect',
      `127.0.0.1:${port}`,
      protocol,
      ...presenting,
      ...trusting,
      ...more,
    ]);
    return { isResumed: /^Reused, /m.test(said), isGood: said.includes('HTTP/1.1 200 '), said: said.slice(-2000) };
  }
}

/** Asks, and waits for the end of the answer: the tickets of TLS 1.3 come with it. */
function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(findPeer('openssl')!, [...args, '-ign_eof'], { stdio: 'pipe', timeout: 8000 });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.stdin.on('error', () => undefined);
    child.once('error', reject);
    child.once('close', () => resolve(said));
    child.stdin.write(request);
  });
}
