import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findPeer } from '../../test/peers/peer.ts';
import type { Contender } from '../harness.ts';
import { measured } from './handshakes.ts';
import type { ServerUnderTest } from './server-under-test.ts';

const connections = 32;

/** Requests with keep-alive over TLS through a proxy, by wrk; per second of the proxy's CPU time. */
export function requestContender({ name, port, pid }: ServerUnderTest): Contender {
  return {
    name,
    batch: (seconds) =>
      measured(pid, async () => {
        const url = `https://127.0.0.1:${port}/petstore/v1/pets`;
        const args = ['-t', '1', '-c', `${connections}`, '-d', `${Math.ceil(seconds)}s`, url];
        const { stdout } = await promisify(execFile)(findPeer('wrk')!, args);
        if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
        return { operations: Number(/(\d+) requests in/.exec(stdout)![1]) };
      }),
  };
}
