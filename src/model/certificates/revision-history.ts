import type { CertificateRequest } from '#model/resources';
import { annotation } from './names.ts';

/** Revision a request was made for; undefined when its annotation is missing or not a positive number. */
export function revisionOf(request: CertificateRequest): number | undefined {
  const text = request.metadata.annotations?.[annotation.certificateRevision] ?? '';
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

/** The requests that are history beyond the newest `limit` revisions. Requests without a revision are not history. */
export function supersededRequests(requests: readonly CertificateRequest[], limit: number): CertificateRequest[] {
  const dated = requests.flatMap((request) => {
    const revision = revisionOf(request);
    return revision === undefined ? [] : [{ request, revision }];
  });
  dated.sort((a, b) => b.revision - a.revision);
  return dated.slice(Math.max(1, limit)).map(({ request }) => request);
}
