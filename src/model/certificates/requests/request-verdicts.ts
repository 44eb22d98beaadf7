import { formatTimestamp, setCondition } from '#model/objects';
import type { Condition } from '#model/objects';
import type { CertificateRequest } from '#model/resources';
import { normal, warning, write } from '../step.ts';
import type { Step, WriteStep } from '../step.ts';
import type { RequestChange, RequestSnapshot } from './request-snapshot.ts';

/** The request waits for something that others must do; told once. */
export function pending(snapshot: RequestSnapshot, reason: string, message: string): Step<RequestChange> {
  const news = { type: 'Ready', status: 'False', reason: 'Pending', message } as const;
  const request = withCondition(snapshot, news);
  return request === snapshot.request ? { do: 'wait', remarks: [] } : write({ request }, normal(reason, message));
}

/** The request can never be signed. */
export function fail(snapshot: RequestSnapshot, reason: string, message: string): WriteStep<RequestChange> {
  const news = { type: 'Ready', status: 'False', reason: 'Failed', message } as const;
  return write({ request: withFailureTime(withCondition(snapshot, news), snapshot.now) }, warning(reason, message));
}

/** The request with a condition set; the same request when that changes nothing. */
export function withCondition({ request, now }: RequestSnapshot, news: Condition): CertificateRequest {
  const { generation } = request.metadata;
  const update = generation === undefined ? news : { ...news, observedGeneration: generation };
  const conditions = setCondition(request.status?.conditions, update, now);
  if (conditions === request.status?.conditions) return request;
  return { ...request, status: { ...request.status, conditions: [...conditions] } };
}

/** The first failure counts. */
export function withFailureTime(request: CertificateRequest, now: Date): CertificateRequest {
  const failureTime = request.status?.failureTime ?? formatTimestamp(now);
  return { ...request, status: { ...request.status, failureTime } };
}
