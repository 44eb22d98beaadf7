import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { strangeIdentity, type ClientIdentity } from '#edge/instances';
import type { ListenerPlan } from '#model/gateways';
import { sameBytes, type Certificate } from '#pki/x509';
import type { Gateway } from '../../gateway.ts';
import type { Proof } from './proof.ts';
import { everySuite, serverNameOf, type ListenerAddress } from './prove-listener.ts';

/** What a host shall make of its callers' certificates. */
export interface ExpectedClients {
  readonly anchors: readonly Certificate[];
  /** What it trusted before, and shall no longer. */
  readonly withdrawn: readonly Certificate[];
  /** Whom it shall let in, as far as such identities are at hand. */
  readonly clients: readonly ClientIdentity[];
}

export interface ClientTrustProver {
  readonly gateway: Pick<Gateway, 'witness'>;
  readonly address: ListenerAddress;
  readonly timeoutMilliseconds: number;
  readonly now: () => Date;
}

/** Bundles of public CAs have hundreds; nobody rotates those. */
const mostAnchors = 32;

/** OpenSSL's words for an authority that it does not know. */
const unknownAuthority = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Proves by full handshakes with the gateway's own port whom a host lets in: those that shall be are; and of each
 * authority, with a certificate that claims to come from it and is signed by nobody, that it is known, or known no more.
 * The host itself tells what it made of each.
 */
export async function proveClientTrust(
  plan: ListenerPlan,
  { anchors, withdrawn, clients }: ExpectedClients,
  prover: ClientTrustProver,
): Promise<Proof> {
  for (const client of clients) {
    const verdict = await verdictOn(plan, client, prover);
    if (verdict !== '') return failed('client-refused', `refuses a client that it shall trust: ${verdict}`);
  }
  const judge = (claimed: Certificate): Promise<string> =>
    verdictOn(plan, strangeIdentity(claimed, prover.now()), prover);
  for (const anchor of visible(anchors, anchors)) {
    const verdict = await judge(anchor);
    if (verdict === '') return failed('stranger-accepted', `lets in who only claims to come from ${named(anchor)}`);
    if (verdict === silence) return failed('no-handshake', 'no handshake with a client certificate came to an end');
    if (unknownAuthority.has(verdict)) return failed('anchor-missing', `does not trust ${named(anchor)} yet`);
  }
  const gone = withdrawn.filter((one) => !anchors.some((anchor) => isAlike(anchor, one)));
  for (const one of visible(gone, [...anchors, ...gone])) {
    const verdict = await judge(one);
    if (verdict === silence) return failed('no-handshake', 'no handshake with a client certificate came to an end');
    if (!unknownAuthority.has(verdict)) return failed('anchor-lingers', `still trusts ${named(one)}`);
  }
  return { verdict: 'proven' };
}

const failed = (code: string, message: string): Proof => ({ verdict: 'failed', code, message });

const named = ({ subjectText, fingerprint }: Certificate): string => `"${subjectText}" (${fingerprint.slice(0, 16)}…)`;

/** Those of which one can tell whether they are known: authorities that no other is taken for. */
function visible(anchors: readonly Certificate[], among: readonly Certificate[]): Certificate[] {
  const isTold = (anchor: Certificate): boolean =>
    anchor.subjectKeyId !== undefined ||
    !among.some((other) => other !== anchor && sameBytes(other.rawSubject, anchor.rawSubject));
  return anchors.filter((anchor) => anchor.isCA && isTold(anchor)).slice(0, mostAnchors);
}

/** Same name and key: whoever trusts the one finds it where the other is claimed. */
const isAlike = (a: Certificate, b: Certificate): boolean =>
  sameBytes(a.rawSubject, b.rawSubject) && sameBytes(a.spki, b.spki);

const silence = 'silence';

/** OpenSSL's code for why the client was refused; empty when it was let in. */
function verdictOn(plan: ListenerPlan, client: ClientIdentity, prover: ClientTrustProver): Promise<string> {
  const { gateway, address, timeoutMilliseconds } = prover;
  const servername = serverNameOf(plan.host);
  return new Promise((resolve) => {
    const finish = (verdict: string): void => {
      clearTimeout(timer);
      forget();
      socket.destroy();
      resolve(verdict);
    };
    const timer = setTimeout(() => finish(silence), timeoutMilliseconds);
    const { fingerprint256 } = new X509Certificate(client.cert);
    const forget = gateway.witness(fingerprint256, (refusal) => finish(refusal ?? ''));
    const socket = connect({
      ...address,
      ...client,
      ...(servername === undefined ? {} : { servername }),
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: everySuite,
    });
    // The host tells; what the connection comes to adds nothing.
    socket.on('error', () => undefined);
    socket.resume();
  });
}
