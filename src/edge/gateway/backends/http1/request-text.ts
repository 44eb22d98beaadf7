import type { BackendRequest } from '../exchange.ts';

const announcing = new Set(['POST', 'PUT', 'PATCH']);

/** The header of a request as HTTP/1.1 writes it, in latin1. */
export function requestText(request: BackendRequest): string {
  const { headers } = request;
  let text = `${request.method} ${request.path} HTTP/1.1\r\nhost: ${request.authority}\r\n`;
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return text + framingOf(request);
}

function framingOf(request: BackendRequest): string {
  if (request.upgrade) return 'connection: upgrade\r\nupgrade: websocket\r\n\r\n';
  if (request.body === undefined) return announcing.has(request.method) ? 'content-length: 0\r\n\r\n' : '\r\n';
  if (request.bodyBytes === undefined) return 'transfer-encoding: chunked\r\n\r\n';
  return `content-length: ${request.bodyBytes}\r\n\r\n`;
}
