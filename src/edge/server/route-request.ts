import { CodedError } from '#errors';
import { parsePath, qualifiedPlural } from '#edge/api';
import type { ApiPath } from '#edge/api';
import type { Answer } from './answers/answer.ts';
import { textAnswer } from './answers/answer.ts';
import { refuseForbidden } from './identity/admit-request.ts';
import type { Call, ResourceCall, Verb } from './requests/call.ts';
import { checkParameterNames } from './requests/parameter-names.ts';
import { enrolmentOf } from './agents/enrolment.ts';
import { answerExpiry } from './expiry/answer-expiry.ts';
import { noSuchResource, resourceCallOf, reviewAt } from './requests/resource-call.ts';
import type { ServerContext } from './server-context.ts';
import { answerReview } from './verbs/answer-review.ts';
import { deleteCollection, deleteObject } from './verbs/delete-objects.ts';
import { listObjects } from './verbs/list-objects.ts';
import { readObject } from './verbs/read-object.ts';
import { watchObjects } from './verbs/watch-objects.ts';
import { createObject, patchObject, updateObject } from './verbs/write-objects.ts';

/** A request that is known, allowed, and waits for its body. */
export interface Route {
  readonly verb: string;
  /** Qualified plural; empty for documents. */
  readonly resource: string;
  readonly subject: { readonly group?: string; readonly plural?: string; readonly name?: string };
  answer(body: Uint8Array): Answer | Promise<Answer>;
}

/**
 * Finds what a request is about and whether its user may do it, before a byte of its body is read. Fails with not-found,
 * method-not-allowed, forbidden and bad-request.
 */
export function routeRequest(context: ServerContext, call: Call): Route {
  const place = parsePath(call.path);
  return place.at === 'resource' ? routeResource(context, call, place) : routePath(context, call, place);
}

function routeResource(context: ServerContext, call: Call, place: Extract<ApiPath, { at: 'resource' }>): Route {
  const review = reviewAt(call.method, place);
  if (review !== undefined) {
    refuseForbidden(call.user, { verb: 'create', group: place.group, plural: place.plural });
    const resource = qualifiedPlural(review);
    return {
      verb: 'create',
      resource,
      subject: place,
      answer: (body) => answerReview(context, { ...call, review }, body),
    };
  }
  const resourceCall = resourceCallOf(call, place, context.registry);
  if (call.isGranted !== true) refuseForbidden(call.user, { ...place, verb: resourceCall.verb });
  checkParameterNames(resourceCall.verb, call.query, call.warnings);
  const answer = verbs[resourceCall.verb];
  const { verb, kind } = resourceCall;
  const resource = qualifiedPlural(kind);
  return { verb, resource, subject: place, answer: (body) => answer(context, resourceCall, body) };
}

type VerbAnswer = (context: ServerContext, call: ResourceCall, body: Uint8Array) => Promise<Answer>;

const verbs: Readonly<Record<Verb, VerbAnswer>> = {
  get: readObject,
  list: listObjects,
  watch: watchObjects,
  create: createObject,
  update: updateObject,
  patch: patchObject,
  delete: deleteObject,
  deletecollection: deleteCollection,
};

function routePath(context: ServerContext, call: Call, place: ApiPath): Route {
  refuseForbidden(call.user, { verb: call.method.toLowerCase(), path: call.path });
  const enrolment = enrolmentOf(context, call);
  if (enrolment !== undefined) return { verb: 'create', resource: '', subject: {}, answer: enrolment };
  if (call.method !== 'GET') {
    throw new CodedError('method-not-allowed', 'the server does not allow this method on the requested resource');
  }
  return { verb: 'get', resource: '', subject: {}, answer: () => answerPath(context, call, place) };
}

async function answerPath(context: ServerContext, call: Call, place: ApiPath): Promise<Answer> {
  if (call.path === '/metrics') return textAnswer(await context.metrics());
  const answer = context.documents.find(call, place) ?? (await answerExpiry(context, call));
  if (answer === undefined) throw noSuchResource();
  return answer;
}
