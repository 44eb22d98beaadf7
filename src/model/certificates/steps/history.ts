import { isConditionTrue } from '#model/objects';
import { supersededRequests } from '../revision-history.ts';
import { write } from '../step.ts';
import type { Concern } from '../step.ts';

/** cert-manager's default since 1.18. */
const defaultLimit = 1;

/** Once the certificate is Ready, forgets the requests of revisions beyond the limit. */
export const history: Concern = ({ certificate, requests }) => {
  if (!isConditionTrue(certificate.status?.conditions, 'Ready')) return undefined;
  const superseded = supersededRequests(requests, certificate.spec.revisionHistoryLimit ?? defaultLimit);
  return superseded.length === 0
    ? undefined
    : write({ requests: requests.filter((request) => !superseded.includes(request)) });
};
