import type { SecureContext } from 'node:tls';
import type { Counts } from './counts.ts';
import type { Hosts } from './handshakes.ts';
import type { Call } from './messages.ts';

const tickMilliseconds = 20;

export interface Calling {
  readonly calls: readonly Call[];
  readonly perSecond: number;
  readonly hosts: Hosts;
  /** What the caller shows and trusts at this moment. */
  readonly identityOf: (call: Call) => SecureContext | undefined;
  readonly counts: Counts;
}

/** Declared calls, made all the time at an even rate, each with what both sides hold at that moment. */
export function keepCalling({ calls, perSecond, hosts, identityOf, counts }: Calling): () => void {
  const began = performance.now();
  let begun = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - began) / 1000) * perSecond;
    for (; begun < due && calls.length > 0; begun += 1) {
      // In no order of the topology, and the same in every run.
      const next = calls[(begun * 7919) % calls.length]!;
      const identity = identityOf(next);
      if (identity !== undefined) void call(hosts, next.host, identity, counts);
    }
  }, tickMilliseconds);
  return () => clearInterval(timer);
}

async function call(hosts: Hosts, host: string, identity: SecureContext, counts: Counts): Promise<void> {
  try {
    const { verdict } = await hosts.greet(host, identity);
    counts.handshake(verdict.startsWith('!') ? `server: ${verdict.slice(1)}` : undefined);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    counts.handshake(`client: ${code ?? message}`);
  }
}
