import { fastify } from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { CodedError, isCoded } from '#errors';
import { statusFromError } from '#edge/api';
import type { UserInfo } from '#model/resources';
import { sendAnswer, sendStatus } from './answers/send-answer.ts';
import { BodyBudget } from './body-budget.ts';
import { answerHealth } from './health.ts';
import { callOf, identify } from './identity/admit-request.ts';
import { enrollee } from './agents/enrolment.ts';
import { isGrantedToAgent } from './agents/agent-grants.ts';
import { isGrantedToGateway } from './identity/gateway-grants.ts';
import { createCalendarTokens } from './identity/calendar-token.ts';
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
  const calendarTokens = createCalendarTokens(options.expiry?.calendarTokenSHA256);
  const budget = new BodyBudget(context.limits.allBodiesBytes, context.limits.bodyBytes);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    const progress: Progress = { startedAt: performance.now() };
    progressOf.set(request, progress);
    reply.raw.once('close', () => record(context, options, request, reply));
    const health = answerHealth(request.method, pathOf(request), () => context.ready());
    if (health !== undefined) return sendAnswer(reply, health, faultsOf(context, request));
    progress.call = await admit(context, request, (raw) => calendarTokens(raw) ?? identify(raw, tokens));
    progress.route = routeRequest(context, progress.call);
    reply.raw.once('close', budget.reserve(request.headers));
    return undefined;
  });
  app.route({ method: methods, url: '/*', handler: (request, reply) => answer(context, request, reply) });
  app.setErrorHandler<FastifyError>((error, request, reply) => sendFailure(context, request, reply, error));
  app.setNotFoundHandler((request, reply) =>
    sendFailure(context, request, reply, new CodedError('unauthorized', 'Unauthorized')),
  );
  return app;
}

/** Who calls, and what an agent or a node of a gateway may do by what its Workloads are. */
async function admit(
  context: ServerContext,
  { raw }: FastifyRequest,
  identifyCaller: (request: FastifyRequest['raw']) => UserInfo,
): Promise<Call> {
  const stranger = context.agents === undefined ? undefined : enrollee(raw);
  if (stranger !== undefined) return { ...callOf(raw, stranger.user), token: stranger.token };
  const call = callOf(raw, identifyCaller(raw));
  const isGranted = (await isGrantedToAgent(context.agents, call)) || (await isGrantedToGateway(context.store, call));
  return isGranted ? { ...call, isGranted } : call;
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
      handshakeTimeout: limits.headersTimeoutMilliseconds,
      headersTimeout: limits.headersTimeoutMilliseconds,
      connectionsCheckingInterval: Math.min(limits.headersTimeoutMilliseconds / 2, 5000),
    },
    bodyLimit: limits.bodyBytes,
    connectionTimeout: limits.stalledAnswerMilliseconds,
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

async function answer(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { call, route } = progressOf.get(request)!;
  const body = (request.body as Buffer | undefined) ?? noBody;
  if (body.length > 0) refuseCompressed(request);
  return sendAnswer(reply, await route!.answer(body), faultsOf(context, request), call!.warnings);
}

function refuseCompressed({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return;
  throw new CodedError('unsupported-media-type', 'bodies must come without a content encoding');
}

/** Faults of our own are logged; what a client could have known is not. */
function faultsOf(context: ServerContext, request: FastifyRequest): (error: unknown) => void {
  return (error) => {
    if (isCoded(error)) return;
    context.logger.error({ err: error, path: pathOf(request), method: request.method }, 'a request failed');
  };
}

function sendFailure(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  error: FastifyError | CodedError,
): FastifyReply {
  const failure = translate(error);
  faultsOf(context, request)(failure);
  const { call, route } = progressOf.get(request) ?? {};
  return sendStatus(reply, statusFromError(failure, route?.subject), call?.warnings);
}

/** Failures of the HTTP layer in our own words. */
function translate(error: Error & { readonly statusCode?: number }): Error {
  if (isCoded(error)) return error;
  if (error.statusCode === 413) return new CodedError('too-large', 'the request body is too large');
  return error.statusCode !== undefined && error.statusCode < 500
    ? new CodedError('bad-request', error.message)
    : error;
}

function record(context: ServerContext, options: ServerOptions, request: FastifyRequest, reply: FastifyReply): void {
  const entry = entryOf(request, reply);
  context.requests.observe(entry);
  options.audit?.(entry);
}

function entryOf(request: FastifyRequest, reply: FastifyReply): AuditEntry {
  const { call, route, startedAt } = progressOf.get(request)!;
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
