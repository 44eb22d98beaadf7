/** Node's own ceiling for full handshakes: a TLS server that does nothing else. Its material comes on the input. */
import { json } from 'node:stream/consumers';
import { createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import type { BenchMaterial } from './material.ts';

const { certificatePEM, keyPEM } = (await json(process.stdin)) as BenchMaterial;
const server = createServer({ cert: certificatePEM, key: keyPEM, minVersion: 'TLSv1.3' }, (socket) => socket.end());
server.on('tlsClientError', () => undefined);
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.once('SIGTERM', () => process.exit());
