import type { Socket } from 'node:net';
import { failureAnswer } from '../failures/answer.ts';
import type { FirstBytes } from './hello-peek.ts';

/** A fatal alert in a record of its own (RFC 8446 section 6): content type 21, version 3.3, two bytes. */
function alert(description: number): Buffer {
  return Buffer.from([21, 3, 3, 0, 2, 2, description]);
}

const unrecognizedName = alert(112);
const decodeError = alert(50);

/** Says, as well as TLS or HTTP can, why there will be no handshake. */
export function refuseHello(socket: Socket, first: FirstBytes, bytes: Buffer): void {
  if (first.state === 'hello' || first.state === 'bad-name') end(socket, unrecognizedName);
  else if (first.state === 'too-long') end(socket, decodeError);
  else if (first.state === 'not-tls' && looksLikeHTTP(bytes)) end(socket, plainAnswer());
  else socket.destroy();
}

/** A caller that goes on sending must not keep the socket open. */
function end(socket: Socket, last: Buffer | string): void {
  socket.end(last, () => socket.destroy());
}

function looksLikeHTTP(bytes: Buffer): boolean {
  return /^[A-Z]{3,10} \//u.test(bytes.toString('latin1', 0, 16));
}

function plainAnswer(): string {
  const { status, headers, body } = failureAnswer('bad-request', 'This port speaks HTTPS: use https:// in the URL.');
  let text = `HTTP/1.1 ${status} Bad Request\r\nconnection: close\r\n`;
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `${text}\r\n${body}`;
}
