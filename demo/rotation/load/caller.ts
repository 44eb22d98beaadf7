import { readFileSync } from 'node:fs';
import type { Outcome } from './outcome.ts';

/** The files that the agent of the callers writes; read anew for every handshake, as a client that is started anew does. */
export interface CallerFiles {
  /** Certificate and key, PEM. */
  readonly identity: string;
  /** What is trusted, PEM. */
  readonly trust: string;
  /** The same for Java: PKCS#12 and JKS, with one password. */
  readonly keystore: string;
  readonly truststore: string;
  readonly password: string;
}

export interface Destination {
  readonly name: string;
  readonly port: number;
}

/** Runs in the background and tells of every handshake. */
export interface Caller {
  readonly name: string;
  start(to: readonly Destination[], onOutcome: OnOutcome): void;
  stop(): Promise<void>;
}

/** Told at the beginning of a handshake; what it answers, at its end. */
export type OnOutcome = (server: string) => (outcome: Outcome) => void;

/** What a client has at one moment. */
export function readIdentity({ identity, trust }: CallerFiles): { cert: string; key: string; ca: string } {
  const pem = readFileSync(identity, 'utf8');
  return { cert: pem, key: pem, ca: readFileSync(trust, 'utf8') };
}

/** A caller that makes one handshake after the other, with a pause between them, at each destination in turn. */
export function callerOf(
  name: string,
  pauseMilliseconds: number,
  call: (to: Destination, turn: number) => Promise<Outcome>,
): Caller {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  const run = async (to: readonly Destination[], onOutcome: OnOutcome): Promise<void> => {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      const destination = to[turn % to.length]!;
      const tell = onOutcome(destination.name);
      tell(await call(destination, Math.floor(turn / to.length)));
      await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
  };
  return {
    name,
    start: (to, onOutcome) => void (running = run(to, onOutcome)),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
