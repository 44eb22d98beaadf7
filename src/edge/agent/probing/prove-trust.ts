import { sameBytes, type Certificate } from '#pki/x509';
import { failed, type Failure } from '../step.ts';
import { shake, type Reception, type Shaken } from './shake.ts';
import { strangeIdentity, type ClientIdentity } from '#edge/instances';
import { placeOf, type ProbedListener } from './targets.ts';

/** What a listener shall make of clients. */
export interface ExpectedTrust {
  readonly anchors: readonly Certificate[];
  /** What it trusted before, and shall no longer. */
  readonly withdrawn: readonly Certificate[];
  /** Clients that it shall accept. */
  readonly clients: readonly ClientIdentity[];
}

export interface TrustProof {
  readonly failure?: Failure;
  /** Whether each anchor, and the absence of each that was withdrawn, was seen. Not every server lets one see it. */
  readonly isSeen: boolean;
}

/** Bundles of public CAs have hundreds; nobody rotates those. */
const mostAnchors = 32;

/**
 * Proves by full handshakes whom a listener lets in: a stranger is turned away, a client of its own is accepted, and each
 * anchor is found where the server tells an unknown authority from a signature that is wrong, as OpenSSL's alerts do.
 */
export async function proveTrust(
  listener: ProbedListener,
  expected: ExpectedTrust,
  now: Date,
  timeoutMilliseconds: number,
): Promise<TrustProof> {
  const meet = (identity: ClientIdentity): Promise<Shaken> =>
    shake(listener.target, { identity, timeoutMilliseconds, waitsForAnswer: true });
  const place = placeOf(listener);
  const stranger = await meet(strangeIdentity(undefined, now));
  if (stranger.reception === 'unreachable') return fail('no-handshake', `${place}: ${stranger.end}`);
  const isRequired = listener.listener.mutualAuthentication === 'require';
  if (isRequired && stranger.reception === 'accepted') {
    return fail('stranger-accepted', `${place} lets clients in whose authority nobody knows (${stranger.end})`);
  }
  for (const identity of expected.clients) {
    const { reception, end } = await meet(identity);
    if (reception !== 'accepted')
      return fail('client-refused', `${place} refuses a client that it shall trust: ${end}`);
  }
  if (stranger.reception !== 'unknown-authority') return { isSeen: false };
  const receptionOf = async (claimed: Certificate): Promise<Reception> =>
    (await meet(strangeIdentity(claimed, now))).reception;
  return proveAnchors(place, expected, receptionOf);
}

async function proveAnchors(
  place: string,
  { anchors, withdrawn }: ExpectedTrust,
  receptionOf: (claimed: Certificate) => Promise<Reception>,
): Promise<TrustProof> {
  let isSeen = anchors.length <= mostAnchors;
  for (const anchor of anchors.slice(0, mostAnchors)) {
    const reception = anchor.isCA ? await receptionOf(anchor) : 'refused';
    if (reception === 'unknown-authority') {
      return fail('anchor-missing', `${place} does not trust ${named(anchor)} yet`);
    }
    isSeen &&= reception === 'bad-signature';
  }
  const gone = withdrawn.filter((one) => one.isCA && !anchors.some((anchor) => isAlike(anchor, one)));
  for (const one of gone.slice(0, mostAnchors)) {
    const reception = await receptionOf(one);
    if (reception === 'bad-signature') return fail('anchor-lingers', `${place} still trusts ${named(one)}`);
    isSeen &&= reception === 'unknown-authority';
  }
  return { isSeen };
}

/** Same name and key: whoever trusts the one finds it where the other is claimed. */
function isAlike(a: Certificate, b: Certificate): boolean {
  return sameBytes(a.rawSubject, b.rawSubject) && sameBytes(a.spki, b.spki);
}

const named = ({ subjectText, fingerprint }: Certificate): string => `"${subjectText}" (${fingerprint.slice(0, 16)}…)`;

const fail = (...args: Parameters<typeof failed>): TrustProof => ({ failure: failed(...args), isSeen: false });
