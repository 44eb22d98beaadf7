import type { Buffer } from 'node:buffer';
import type { TLSSocket } from 'node:tls';

/**
 * Calls `begin` when the caller sends the first bytes, which the socket then holds again. A parser for a connection costs as
 * much as a third of its handshake, and many are opened to see whether somebody listens. A caller that stays silent for
 * `milliseconds` is cut off, one that fails or leaves is let go.
 */
export function onFirstBytes(socket: TLSSocket, milliseconds: number, begin: () => void): void {
  const end = (): void => void socket.destroy();
  socket.setTimeout(milliseconds, end);
  socket.on('error', end);
  socket.once('data', (bytes: Buffer) => {
    socket.pause();
    socket.unshift(bytes);
    socket.setTimeout(0, end);
    socket.off('error', end);
    begin();
    socket.resume();
  });
}
