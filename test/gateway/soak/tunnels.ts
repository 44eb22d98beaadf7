import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { certify } from './backends.ts';
import { broken, type CallerTools } from './callers.ts';
import { secure } from './connections.ts';
import { answered, distrusted, type Outcome } from './ledger.ts';
import type { Place } from './scene.ts';

const patienceMilliseconds = 10_000;

/** So many WebSockets are open at a time: opened, pinged for a while, and closed. */
export async function holdTunnels(tools: CallerTools, count: number, signal: AbortSignal): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      while (!signal.aborted) await holdTunnel(tools, index, signal);
    }),
  );
}

async function holdTunnel(tools: CallerTools, index: number, signal: AbortSignal): Promise<void> {
  const { scene, random, counts } = tools;
  const place = random.pick(scene.places.filter(({ takesUpgrades }) => takesUpgrades));
  const front = scene.fronts[index % scene.fronts.length]!;
  const caller = certify('caller', scene.callerCA);
  const socket = await secure(tools.port, front.host, 'http/1.1', caller);
  try {
    if (!(await openTunnel(place, socket, front.host, tools))) return await delay(random.between(50, 200));
    counts.tunnels += 1;
    if (!(await keepOpen(place, socket, tools, signal))) counts.tunnelsEnded += 1;
  } finally {
    socket.destroy();
  }
}

async function openTunnel(place: Place, socket: TLSSocket, host: string, { ledger }: CallerTools): Promise<boolean> {
  const ended = place.expectation.watch();
  socket.write(
    `GET /${place.name}/socket HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: c29hawAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  const outcome = await receive(socket, '\r\n\r\n').then(openedBy, broken);
  ledger.note(`a WebSocket to ${place.name}`, outcome, ended());
  return outcome === answered;
}

function openedBy(head: string | undefined): Outcome {
  if (head === undefined) return 'closed unanswered';
  if (head.startsWith('HTTP/1.1 101 ')) return answered;
  const error = /^chancery-error: (\S+)/imu.exec(head)?.[1];
  return error === 'backend-certificate-not-trusted' ? distrusted : `${head.slice(9, 12)} ${error}`;
}

/** A tunnel lives as long as its backend is trusted: it is closed when it is not, and only then. False: it was closed. */
async function keepOpen(place: Place, socket: TLSSocket, tools: CallerTools, signal: AbortSignal): Promise<boolean> {
  const { random, ledger, counts } = tools;
  const until = performance.now() + random.between(200, 15_000);
  // When it was closed nobody knows; that it was open is known of the last ping.
  let sinceLastPing = place.expectation.watch();
  let outcome: Outcome = answered;
  while (outcome === answered && performance.now() < until && !signal.aborted) {
    await delay(random.between(20, 300));
    const [thisPing, next] = [place.expectation.watch(), place.expectation.watch()];
    outcome = await echo(socket, `ping ${random.between(1, 1_000_000)};`);
    const [atThisPing, since] = [thisPing(), sinceLastPing()];
    sinceLastPing = next;
    counts.pings += 1;
    ledger.note(`an open WebSocket to ${place.name}`, outcome, outcome === answered ? atThisPing : since);
  }
  sinceLastPing();
  return outcome === answered;
}

async function echo(socket: TLSSocket, text: string): Promise<Outcome> {
  if (socket.destroyed) return distrusted;
  socket.write(text);
  return receive(socket, ';').then((received) => {
    if (received === undefined) return distrusted;
    return received === text ? answered : `the echo ${received}`;
  }, broken);
}

/** All that comes until the text has come; undefined when the connection ends before. */
function receive(socket: TLSSocket, last: string): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  let received = '';
  const take = (bytes: Buffer): void => {
    received += bytes.toString('latin1');
    if (received.includes(last)) resolve(received);
  };
  const end = (): void => resolve(undefined);
  const timer = setTimeout(() => reject(new Error('nothing comes')), patienceMilliseconds);
  socket.on('data', take).once('close', end);
  if (socket.destroyed) end();
  return promise.finally(() => {
    clearTimeout(timer);
    socket.off('data', take).off('close', end);
  });
}
