/**
 * The first bytes of a TLS connection as a value: which host a client asks for and what it offers, read before any TLS
 * engine is chosen.
 *
 * Not here: sockets, time limits, TLS contexts, and any judgement whether the handshake will succeed.
 *
 * Invariants: pure and total: any bytes get an answer, none throws, and the work is bounded by 64 KB of input.
 */
export { readClientHello } from './client-hello.ts';
export type { ClientHello, HelloReading } from './client-hello.ts';
export { maximumHelloBytes } from './records.ts';
