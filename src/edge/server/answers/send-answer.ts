import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { mediaTypes } from '#edge/api';
import type { Status } from '#edge/api';
import type { Answer } from './answer.ts';
import { formatWarnings } from './warnings.ts';

/** Told of faults that happen after the answer has begun, when there is no other way to say them. */
export type OnFault = (error: unknown) => void;

const noWarnings: ReadonlySet<string> = new Set();

/**
 * Sends an answer. Bodies go out as bytes: to text, Fastify would add a charset that discovery clients take for another
 * media type.
 */
export function sendAnswer(
  reply: FastifyReply,
  answer: Answer,
  onFault: OnFault,
  warnings = noWarnings,
): FastifyReply | undefined {
  if ('stream' in answer) {
    reply.hijack();
    answer.stream(reply.raw).catch(onFault);
    return undefined;
  }
  const { code, contentType, headers, body } = answer;
  prepare(reply, code, contentType, warnings);
  if (headers !== undefined) reply.headers(headers);
  if (typeof body !== 'string') return reply.send(readable(body, onFault));
  const bytes = Buffer.from(body);
  if (bytes.length < largeBytes) return reply.send(bytes);
  return reply.header('content-length', bytes.length).send(inTwoPieces(bytes));
}

const largeBytes = 16 * 1024;

/**
 * A client may send its next request as soon as it has the last byte. Node (24) breaks the connection off when that request
 * comes in several pieces while the server still counts the answer as waiting, which over TLS it does for a moment after
 * it has left. So the last byte goes when nothing waits.
 */
function inTwoPieces(bytes: Buffer): Readable {
  const last = bytes.length - 1;
  return Readable.from([bytes.subarray(0, last), bytes.subarray(last)], { objectMode: false, highWaterMark: 1 });
}

/** Sends a Status as the whole answer. */
export function sendStatus(reply: FastifyReply, status: Status, warnings = noWarnings): FastifyReply {
  prepare(reply, status.code, mediaTypes.json, warnings);
  const seconds = status.details?.retryAfterSeconds;
  if (seconds !== undefined) reply.header('retry-after', String(seconds));
  return reply.send(Buffer.from(JSON.stringify(status)));
}

function prepare(reply: FastifyReply, code: number, contentType: string, warnings: ReadonlySet<string>): void {
  reply.code(code).header('content-type', contentType).header('cache-control', 'no-cache, private');
  if (warnings.size > 0) reply.header('warning', formatWarnings(warnings));
}

// A fault in the middle cuts the connection, so that no client takes half a list for the whole.
function readable(body: AsyncIterable<string>, onFault: OnFault): Readable {
  return Readable.from(body, { objectMode: false }).once('error', onFault);
}
