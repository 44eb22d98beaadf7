import type { IncomingHttpHeaders } from 'node:http';
import { CodedError } from '#errors';

/** Bytes of request bodies that may be under way at the same time, whoever sends them. */
export class BodyBudget {
  readonly #bodyBytes: number;
  #left: number;

  constructor(bytes: number, bodyBytes: number) {
    this.#left = bytes;
    this.#bodyBytes = bodyBytes;
  }

  /** Sets aside room for one body and answers how to give it back. Fails with too-many-requests, too-large. */
  reserve(headers: IncomingHttpHeaders): () => void {
    const bytes = this.#announced(headers);
    if (bytes > this.#bodyBytes) throw new CodedError('too-large', 'the request body is too large');
    if (bytes > this.#left) throw new CodedError('too-many-requests', 'too many request bodies are under way');
    this.#left -= bytes;
    return () => (this.#left += bytes);
  }

  #announced(headers: IncomingHttpHeaders): number {
    if (headers['transfer-encoding'] !== undefined) return this.#bodyBytes;
    return Number(headers['content-length'] ?? 0);
  }
}
