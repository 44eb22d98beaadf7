/**
 * Figures P6 and P7: full handshakes and proxied requests per second of the gateway's CPU time, against NGINX with the same
 * key, and against Node's own ceiling.
 */
import { measure, printTable, ratio, writeResult, type Contender, type Measurement } from '../harness.ts';
import { findPeer } from '../../test/peers/peer.ts';
import { handshakeContender } from './handshakes.ts';
import { measureHosts } from './hosts.ts';
import { makeMaterial } from './material.ts';
import { startNginx } from './nginx.ts';
import { listenerPlan, routePlan } from './plans.ts';
import { requestContender } from './requests.ts';
import { freePort, servingFlags, startNodeServer, type ServerUnderTest } from './server-under-test.ts';

const material = makeMaterial();
const gatewayProcess = new URL('./gateway-process.ts', import.meta.url);
const running: ServerUnderTest[] = [];

function kept<T extends ServerUnderTest | undefined>(server: T): T {
  if (server !== undefined) running.push(server);
  return server;
}

async function handshakeFigures(): Promise<Measurement[]> {
  const bare = kept(await startNodeServer('bare Node', new URL('./bare-process.ts', import.meta.url), material));
  const change = { listeners: [listenerPlan(material)] };
  const gateway = kept(await startNodeServer('gateway', gatewayProcess, change, servingFlags));
  const nginx = kept(await startNginx(material, await freePort(), { answer: 'ok' }));
  const servers = [gateway, bare, ...(nginx === undefined ? [] : [nginx])];
  return measure(
    contenders(servers, (server) => handshakeContender(server, material)),
    rounds,
  );
}

async function requestFigures(): Promise<Measurement[]> {
  if (findPeer('wrk') === undefined) return [];
  const backend = kept(await startNginx(material, await freePort(), { answer: 'x'.repeat(256) }));
  if (backend === undefined) return [];
  const change = { listeners: [listenerPlan(material)], routes: [routePlan(material, backend.port)] };
  const gateway = kept(await startNodeServer('gateway', gatewayProcess, change, servingFlags));
  const nginx = kept(await startNginx(material, await freePort(), { proxyTo: backend.port }));
  return measure(contenders([gateway, nginx!], requestContender), rounds);
}

const rounds = { rounds: 5, secondsPerRound: 3 };
const contenders = (servers: readonly ServerUnderTest[], make: (server: ServerUnderTest) => Contender): Contender[] =>
  servers.map(make);

try {
  const handshakes = await handshakeFigures();
  printTable('P6: full TLS 1.3 handshakes, P-256, per CPU second of the server', 'handshakes/s', handshakes);
  const requests = await requestFigures();
  if (requests.length > 0) printTable('P7: proxied requests per CPU second, TLS on both sides', 'requests/s', requests);
  const hosts = await measureHosts(10_000);
  console.log('\n10,000 SNI hosts');
  console.table(hosts);
  writeResult('gateway', {
    figure: 'P6, P7',
    P6: {
      measurements: handshakes,
      ofNginx: ratio(handshakes, 'gateway', 'NGINX'),
      ofNode: ratio(handshakes, 'gateway', 'bare Node'),
    },
    P7: { measurements: requests, ofNginx: ratio(requests, 'gateway', 'NGINX') },
    hosts,
  });
} finally {
  for (const server of running) server.stop();
}
