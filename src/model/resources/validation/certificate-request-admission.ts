import type { Draft } from '#model/objects';
import type { CertificateRequest } from '../certificate-request.ts';
import type { AdmissionContext } from '../kind.ts';

type RequestDraft = Draft<CertificateRequest>;

/** Writes into a new request who made it; what the client claims does not count. */
export function stampRequester(
  next: RequestDraft,
  previous: CertificateRequest | undefined,
  { user }: AdmissionContext,
): RequestDraft {
  if (previous !== undefined || typeof next.spec !== 'object' || next.spec === null) return next;
  const { username: _username, uid: _uid, groups: _groups, extra: _extra, ...spec } = next.spec;
  const requester = {
    username: user.username,
    ...(user.uid ? { uid: user.uid } : {}),
    ...(user.groups?.length ? { groups: [...user.groups] } : {}),
    ...(user.extra && Object.keys(user.extra).length > 0 ? { extra: copyOf(user.extra) } : {}),
  };
  return { ...next, spec: { ...spec, ...requester } };
}

const copyOf = (extra: Readonly<Record<string, readonly string[]>>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]]));
