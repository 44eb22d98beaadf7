import type { Answer } from '../answers/answer.ts';
import { jsonAnswer } from '../answers/answer.ts';
import { apiVersionOf } from '#model/resources';
import { decodeObject } from '../bodies/decode-body.ts';
import type { ReviewBody } from '../identity/reviews.ts';
import type { ReviewCall } from '../requests/call.ts';
import type { ServerContext } from '../server-context.ts';

/** POST of a self-review: 201 with the answer; nothing is stored, so a dry run is the same. */
export function answerReview(context: ServerContext, call: ReviewCall, body: Uint8Array): Answer {
  const { review } = call;
  const value = body.length === 0 ? {} : decodeObject(body, call.contentType, context.limits).value;
  const answer = review.answer((value ?? {}) as ReviewBody, call.user);
  const metadata = { creationTimestamp: null };
  return jsonAnswer({ kind: review.kind, apiVersion: apiVersionOf(review), metadata, ...answer }, 201);
}
