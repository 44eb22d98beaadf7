import { readAll } from './transport.ts';
import type { Transport, TransportRequest } from './transport.ts';

/** Sends a request and reads the answer as JSON. */
export async function sendJson<T>(transport: Transport, request: TransportRequest): Promise<T> {
  const answer = await transport.send(request);
  return JSON.parse(await readAll(answer.body)) as T;
}

/** The fields that are given: options must not be there as undefined. */
export function optional<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
