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
  return reply.send(typeof body === 'string' ? Buffer.from(body) : readable(body, onFault));
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
