import { setTimeout as delay } from 'node:timers/promises';
import type { Fixture } from '../../../src/pki/x509/certificates/certificate.fixture.ts';
import type { Seeded } from '../../crash/seeded.ts';
import { certify, type Echo } from './backends.ts';
import { openConnection, type Answer, type Asked, type Connection, type Protocol } from './connections.ts';
import { answered, distrusted, type Ledger, type Outcome } from './ledger.ts';
import type { Front, Scene } from './scene.ts';

export interface CallerTools {
  readonly scene: Scene;
  readonly port: number;
  readonly ledger: Ledger;
  readonly random: Seeded;
  readonly counts: CallCounts;
}

export interface CallCounts {
  connections: number;
  requests: Record<string, number>;
  tunnels: number;
  tunnelsEnded: number;
  pings: number;
  turnedAway: number;
}

/** Callers of every kind: which host they call, with what protocol, and what they show. */
interface CallerKind {
  readonly front: Front;
  readonly protocol: Protocol;
  readonly identity: Fixture | undefined;
  readonly isLetIn: boolean;
}

/** Each calls again and again over connections that it opens anew, at so many requests a second over all of them. */
export async function makeCalls(tools: CallerTools, requestsPerSecond: number, signal: AbortSignal): Promise<void> {
  const kinds = kindsOf(tools.scene);
  const pauseMilliseconds = (kinds.length * 1000) / requestsPerSecond;
  await Promise.all(
    kinds.map(async (kind) => {
      while (!signal.aborted) await callOnOneConnection(kind, tools, pauseMilliseconds, signal);
    }),
  );
}

function kindsOf({ fronts, callerCA, strangerCA }: Scene): CallerKind[] {
  const known = certify('caller', callerCA);
  const stranger = certify('caller', strangerCA);
  return fronts.flatMap((front) =>
    (['http/1.1', 'h2'] as const).flatMap((protocol) =>
      [undefined, known, stranger].map((identity) => {
        const isLetIn = isLetInBy(front, identity, stranger);
        return { front, protocol, identity, isLetIn };
      }),
    ),
  );
}

function isLetInBy({ mutual }: Front, identity: Fixture | undefined, stranger: Fixture): boolean {
  if (mutual === 'none') return true;
  return identity === undefined ? mutual === 'request' : identity !== stranger;
}

async function callOnOneConnection(
  kind: CallerKind,
  tools: CallerTools,
  pauseMilliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  const connection = await open(kind, tools);
  if (connection === undefined) return pause(tools, pauseMilliseconds * 20);
  try {
    const requests = kind.isLetIn ? tools.random.between(1, 40) : 1;
    for (let request = 0; request < requests && !signal.aborted; request += 1) {
      const goesOn = await (kind.isLetIn ? callOnce : beTurnedAway)(kind, connection, tools);
      if (!goesOn) break;
      await pause(tools, pauseMilliseconds);
    }
  } finally {
    connection.close();
  }
  if (!kind.isLetIn) await pause(tools, pauseMilliseconds * 20);
}

function pause({ random }: CallerTools, milliseconds: number): Promise<void> {
  return delay(milliseconds * (0.5 + random.next()));
}

/** A handshake, and whether it showed the certificate that is in force. */
async function open(kind: CallerKind, tools: CallerTools): Promise<Connection | undefined> {
  const { front, protocol, identity, isLetIn } = kind;
  const ended = front.expectation.watch();
  try {
    const connection = await openConnection(tools.port, front, protocol, identity);
    tools.counts.connections += 1;
    const possible = ended();
    if (!possible.has(connection.shown)) {
      tools.ledger.problem(`${front.host} showed ${connection.shown} instead of ${[...possible].join(' or ')}`);
    }
    return connection;
  } catch (error) {
    ended();
    if (isLetIn) tools.ledger.note(`a handshake with ${front.host}`, broken(error), new Set([answered]));
    else tools.counts.turnedAway += 1;
    return undefined;
  }
}

/** Answers whether the connection can be used again. */
async function callOnce(kind: CallerKind, connection: Connection, tools: CallerTools): Promise<boolean> {
  const { scene, random, ledger, counts } = tools;
  const place = random.pick(scene.places);
  const asked = draw(place.name, random);
  const ended = place.expectation.watch();
  const answer = await connection.ask(asked).catch(broken);
  const outcome = typeof answer === 'string' ? answer : outcomeOf(answer, place.name, asked, kind);
  ledger.note(`${place.name} over ${kind.protocol} at ${kind.front.host}`, outcome, ended());
  counts.requests[kind.protocol] = (counts.requests[kind.protocol] ?? 0) + 1;
  return typeof answer !== 'string' && !answer.isLast;
}

/** With TLS 1.3 the client's handshake is over before the server has looked at its certificate. */
async function beTurnedAway(kind: CallerKind, connection: Connection, tools: CallerTools): Promise<boolean> {
  const outcome = await connection.ask(draw('steady', tools.random)).then(() => answered, broken);
  tools.counts.turnedAway += 1;
  tools.ledger.note(
    `a caller who is not let in at ${kind.front.host}`,
    outcome === answered ? answered : 'turned away',
    new Set(['turned away']),
  );
  return false;
}

const sizes = [undefined, undefined, undefined, 1, 1000, 100_000];

function draw(name: string, random: Seeded): Asked {
  const size = random.pick(sizes);
  return {
    path: `/${name}/${random.between(1, 1_000_000)}`,
    body: size === undefined ? undefined : Buffer.alloc(size),
    // Whoever believes this one believes everybody.
    headers: { 'client-cert': ':Zm9yZ2Vk:' },
  };
}

function outcomeOf(answer: Answer, name: string, asked: Asked, { identity, front }: CallerKind): Outcome {
  if (answer.error === 'backend-certificate-not-trusted' && answer.status === 502) return distrusted;
  if (answer.status !== 200) return `${answer.status} ${answer.error}`;
  const { backend, path, bytes, clientCert } = JSON.parse(answer.body) as Echo;
  if (backend !== name || path !== asked.path.replace(`/${name}`, '/in')) return `the answer of ${backend} ${path}`;
  if (bytes !== (asked.body?.length ?? 0)) return `${bytes} of ${asked.body?.length} bytes`;
  const der = front.mutual === 'none' ? undefined : identity?.certificate.der;
  const expected = der && `:${Buffer.from(der).toString('base64')}:`;
  return clientCert === expected ? answered : `the wrong Client-Cert: ${clientCert}`;
}

export function broken(error: unknown): Outcome {
  const { code, name, message } = error as NodeJS.ErrnoException;
  return `broken ${code ?? name}: ${message}`;
}
