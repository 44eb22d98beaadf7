import type { ApiClient } from './client-contract.ts';
import { readMethods } from './read-methods.ts';
import { sendJson } from './send-json.ts';
import { openTransport, readAll } from './transport.ts';
import type { ClientAccess } from './transport.ts';
import { writeMethods } from './write-methods.ts';

/** A client over kept-alive HTTPS connections. */
export function openClient(access: ClientAccess): ApiClient {
  const transport = openTransport(access);
  return {
    ...readMethods(transport),
    ...writeMethods(transport),
    json: (request) => sendJson(transport, request),
    text: async (request) => readAll((await transport.send(request)).body),
    close: () => transport.close(),
  };
}
