import { Readable } from 'node:stream';
import { fastify } from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { CodedError, isCoded } from '#errors';
import { mediaTypes, statusFromError } from '#edge/api';
import type { Status, StatusSubject } from '#edge/api';
import type { Answer } from './answers/answer.ts';
import { answerHealth } from './health.ts';
import { callOf, identify } from './identity/admit-request.ts';
import { createTokenTable } from './identity/tokens.ts';
import type { TokenTable } from './identity/tokens.ts';
import type { Call } from './requests/call.ts';
import { routeRequest } from './route-request.ts';
import type { Route } from './route-request.ts';
import type { ServerContext } from './server-context.ts';
import type { AuditEntry, ServerOptions } from './server-options.ts';

/** What the hooks of one request hand on to its end. */
interface Progress {
  readonly startedAt: number;
  call?: Call;
  route?: Route;
}

const progressOf = new WeakMap<FastifyRequest, Progress>();

/** The HTTPS listener: one route for everything; identity and rights are settled before a body is read. */
export function openListener(context: ServerContext, options: ServerOptions): FastifyInstance {
  const tokens = createTokenTable(options.tokens);
  const app = createApp(context, options, tokens);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    const progress: Progress = { startedAt: performance.now() };
    progressOf.set(request, progress);
    const health = answerHealth(request.method, pathOf(request), () => context.ready());
    if (health !== undefined) return send(reply, health, undefined);
    progress.call = callOf(request.raw, identify(request.raw, tokens));
    progress.route = routeRequest(context, progress.call);
    return undefined;
  });
  app.route({ method: methods, url: '/*', handler: (request, reply) => answer(request, reply) });
  app.setErrorHandler<FastifyError>((error, request, reply) => sendFailure(context, request, reply, error));
  app.setNotFoundHandler((request, reply) =>
    sendFailure(context, request, reply, new CodedError('unauthorized', 'Unauthorized')),
  );
  addAudit(app, context, options);
  return app;
}

const methods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

function createApp({ limits }: ServerContext, { tls }: ServerOptions, tokens: TokenTable): FastifyInstance {
  return fastify({
    https: {
      key: tls.key,
      cert: tls.cert,
      ca: tls.clientCA,
      requestCert: true,
      // A request without a certificate may carry a token; who comes with neither is refused by `identify`.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      headersTimeout: limits.headersTimeoutMilliseconds,
      connectionsCheckingInterval: Math.min(limits.headersTimeoutMilliseconds / 2, 5000),
    },
    bodyLimit: limits.bodyBytes,
    keepAliveTimeout: limits.keepAliveMilliseconds,
    requestTimeout: limits.requestTimeoutMilliseconds,
    forceCloseConnections: 'idle',
    // While it drains, the server answers what connections still send; each answer closes its connection.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 8192 },
    frameworkErrors: (error, request, reply) => {
      void sendStatus(reply, statusFromError(failureOfURL(request, tokens, error)));
    },
  });
}

/** A path that cannot be decoded never reaches the hooks, but must not tell strangers more than they do. */
function failureOfURL(request: FastifyRequest, tokens: TokenTable, error: Error): unknown {
  try {
    identify(request.raw, tokens);
    return new CodedError('bad-request', error.message);
  } catch (refusal) {
    return refusal;
  }
}

function pathOf(request: FastifyRequest): string {
  const url = request.raw.url ?? '/';
  const at = url.indexOf('?');
  return at < 0 ? url : url.slice(0, at);
}

const noBody = Buffer.alloc(0);

async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { call, route } = progressOf.get(request)!;
  const body = request.body as Buffer | undefined;
  const answer = await route!.answer(body ?? noBody);
  return send(reply, answer, call);
}

// Bodies go out as bytes: to text, Fastify would add a charset that discovery clients take for another media type.
function send(reply: FastifyReply, answer: Answer, call: Call | undefined): FastifyReply | undefined {
  if ('stream' in answer) {
    reply.hijack();
    void answer.stream(reply.raw);
    return undefined;
  }
  reply.code(answer.code).header('content-type', answer.contentType).header('cache-control', 'no-cache, private');
  if (answer.headers !== undefined) reply.headers(answer.headers);
  if (call !== undefined && call.warnings.size > 0) reply.header('warning', formatWarnings(call.warnings));
  const { body } = answer;
  return reply.send(typeof body === 'string' ? Buffer.from(body) : Readable.from(body, { objectMode: false }));
}

const warningsSent = 20;
const warningCharacters = 1024;

function formatWarnings(warnings: ReadonlySet<string>): string[] {
  return [...warnings].slice(0, warningsSent).map(formatWarning);
}

/** RFC 7234 section 5.5, as Kubernetes writes it: `299 - "text"`. */
function formatWarning(text: string): string {
  const plain = text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, warningCharacters);
  return `299 - "${plain.replaceAll(/["\\]/g, '\\$&')}"`;
}

function sendFailure(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  error: FastifyError | CodedError,
): FastifyReply {
  const failure = translate(error);
  const { call, route } = progressOf.get(request) ?? {};
  if (!isCoded(failure))
    context.logger.error({ err: failure, path: call?.path, verb: route?.verb }, 'a request failed');
  if (call !== undefined && call.warnings.size > 0) reply.header('warning', formatWarnings(call.warnings));
  return sendStatus(reply, statusFromError(failure, subjectOf(route)));
}

function subjectOf(route: Route | undefined): StatusSubject {
  return route?.subject ?? {};
}

/** Failures of the HTTP layer in our own words. */
function translate(error: Error & { readonly statusCode?: number; readonly code?: string }): Error {
  if (isCoded(error)) return error;
  if (error.statusCode === 413) return new CodedError('too-large', 'the request body is too large');
  if (error.statusCode === 415) return new CodedError('unsupported-media-type', error.message);
  return error.statusCode !== undefined && error.statusCode < 500
    ? new CodedError('bad-request', error.message)
    : error;
}

function sendStatus(reply: FastifyReply, status: Status): FastifyReply {
  reply.code(status.code).header('content-type', mediaTypes.json).header('cache-control', 'no-cache, private');
  const seconds = status.details?.retryAfterSeconds;
  if (seconds !== undefined) reply.header('retry-after', String(seconds));
  return reply.send(Buffer.from(JSON.stringify(status)));
}

function addAudit(app: FastifyInstance, context: ServerContext, options: ServerOptions): void {
  app.addHook('onResponse', async (request, reply) => {
    const entry = entryOf(request, reply);
    context.requests.observe(entry);
    options.audit?.(entry);
  });
}

function entryOf(request: FastifyRequest, reply: FastifyReply): AuditEntry {
  const { call, route, startedAt } = progressOf.get(request) ?? { startedAt: performance.now() };
  return {
    user: call?.user.username ?? '',
    verb: route?.verb ?? request.method.toLowerCase(),
    resource: route?.resource ?? '',
    path: pathOf(request),
    code: reply.raw.statusCode,
    durationMilliseconds: performance.now() - startedAt,
    remoteAddress: request.ip,
  };
}
