import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '#model/objects';
import { createAuthority, issueCertificate, type IssueOrder } from '#pki/issuance';
import { encodeName, generalNames, nameFromSubject, p256 } from '#pki/x509';
import { violations, type State } from './invariants.ts';
import { Journal } from './journal.ts';
import { Sightings } from './sightings.ts';

const now = new Date();
const encode = (text: string): string => Buffer.from(text).toString('base64');

function order(commonName: string, isCA: boolean): IssueOrder {
  return {
    key: p256,
    subject: encodeName(nameFromSubject({ commonName })),
    altNames: isCA ? [] : generalNames({ dnsNames: [commonName] }),
    keyUsages: isCA ? ['digital signature', 'cert sign'] : ['digital signature'],
    extendedKeyUsages: [],
    isCA,
    durationSeconds: 3600,
    withRequest: true,
  };
}

interface Pair {
  readonly 'tls.key': string;
  readonly 'tls.crt': string;
  readonly 'ca.crt': string;
}

function makeCA(): { ca: ReturnType<typeof createAuthority>; data: Pair } {
  const { issued, key } = issueCertificate(order('root', true), undefined, now);
  const certificate = encode(issued.certificate.toPEM());
  const data = { 'tls.key': encode(key.toPEM('PKCS8')), 'tls.crt': certificate, 'ca.crt': certificate };
  return { ca: createAuthority([issued.certificate], key), data };
}

/** A request for a certificate of one name. */
function asked(name: string): string {
  return encode(issueCertificate(order(name, false), undefined, now).requestPEM!);
}

const root = makeCA();
const otherRoot = makeCA();

function makeLeaf(signer = root): Pair {
  const { issued, key } = issueCertificate(order('leaf', false), signer.ca, now);
  return {
    'tls.key': encode(key.toPEM('PKCS8')),
    'tls.crt': encode(issued.certificate.toPEM()),
    'ca.crt': signer.data['ca.crt'],
  };
}

const leaf = makeLeaf();
const anotherLeaf = makeLeaf();
const spec = { secretName: 'leaf', dnsNames: ['leaf'], issuerRef: { name: 'root' } };

interface Scene {
  state: { -readonly [K in keyof State]: State[K] };
  journal: Journal;
  sightings: Sightings;
}

function meta(name: string, version: number, more: object = {}): object {
  return { name, uid: `uid-of-${name}`, resourceVersion: `${version}`, creationTimestamp: '', generation: 2, ...more };
}

function secret(name: string, data: object, version = 7, labels = {}): State['secrets'][number] {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: meta(name, version, { labels }),
    data,
  } as never;
}

function request(
  certificate: string,
  revision = 1,
  uid = 'uid-of-leaf-1',
  request = asked('leaf'),
): State['requests'][number] {
  const annotations = {
    'cert-manager.io/certificate-name': 'leaf',
    'cert-manager.io/certificate-revision': `${revision}`,
  };
  const metadata = meta(`leaf-${revision}`, 6, { annotations, uid });
  const spec = { request };
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'CertificateRequest',
    metadata,
    spec,
    status: { certificate },
  } as never;
}

function at<T extends KubeObject>(object: T, version: number): T {
  return { ...object, metadata: { ...object.metadata, resourceVersion: `${version}` } };
}

function certificate(
  revision = 1,
  ready: object = { status: 'True' },
  conditions: object[] = [],
): State['certificates'][number] {
  const all = [{ type: 'Ready', observedGeneration: 2, ...ready }, ...conditions];
  return { kind: 'Certificate', metadata: meta('leaf', 8), spec, status: { revision, conditions: all } } as never;
}

/** One certificate that was declared at revision 5, and is Ready. */
function scene(): Scene {
  const journal = new Journal();
  journal.asks('Certificate/leaf', spec);
  journal.answered('Certificate/leaf', spec, 5);
  const sightings = new Sightings();
  sightings.note('certificaterequests', { type: 'ADDED', object: request(leaf['tls.crt']) });
  sightings.note('secrets', { type: 'ADDED', object: secret('leaf', leaf) });
  const state = {
    certificates: [certificate()],
    requests: [request(leaf['tls.crt'])],
    secrets: [secret('leaf', leaf), secret('root', root.data)],
    issuers: [{ kind: 'Issuer', metadata: meta('root', 2), spec: { ca: { secretName: 'root' } } } as never],
    configMaps: [],
  };
  return { state, journal, sightings };
}

const holds =
  (data: object) =>
  (it: Scene): void => {
    it.state.secrets = [secret('leaf', data), secret('root', root.data)];
  };

const breakages: readonly { readonly why: string; readonly damage: (it: Scene) => void; readonly says: RegExp }[] = [
  {
    why: 'an answered object is gone',
    damage: (it) => (it.state.certificates = []),
    says: /leaf lost an answered write: it holds nothing/,
  },
  {
    why: 'an answered update is gone',
    damage: ({ journal }) => journal.answered('Certificate/leaf', { ...spec, dnsNames: ['later'] }, 8),
    says: /leaf lost an answered write/,
  },
  {
    why: 'an older revision is served than was answered',
    damage: ({ journal }) => journal.answered('Certificate/leaf', spec, 9),
    says: /went back: revision 9 was answered, 8 is there/,
  },
  {
    why: 'an answered deletion came back',
    damage: ({ journal }) => journal.answered('Certificate/leaf', undefined, 0),
    says: /leaf lost an answered write.*may hold nothing/,
  },
  {
    why: 'an answered renewal did not happen',
    damage: ({ journal }) => journal.renewed('leaf', 2),
    says: /revision 1 instead of 2/,
  },
  {
    why: 'a certificate is not Ready',
    damage: (it) => (it.state.certificates = [certificate(1, { status: 'False', reason: 'DoesNotExist' })]),
    says: /is not Ready: DoesNotExist/,
  },
  {
    why: 'Ready is about an older spec',
    damage: (it) => (it.state.certificates = [certificate(1, { status: 'True', observedGeneration: 1 })]),
    says: /older generation/,
  },
  {
    why: 'issuing has not ended',
    damage: (it) =>
      (it.state.certificates = [certificate(1, { status: 'True' }, [{ type: 'Issuing', status: 'True' }])]),
    says: /still being issued/,
  },
  {
    why: 'a temporary key is left',
    damage: (it) =>
      (it.state.secrets = [
        ...it.state.secrets,
        { ...secret('leaf-x', {}, 7, { 'cert-manager.io/next-private-key': 'true' }), type: 'Opaque' },
      ]),
    says: /temporary key leaf-x/,
  },
  {
    why: 'a Secret has a key and no certificate',
    damage: holds({ 'tls.key': leaf['tls.key'], 'ca.crt': leaf['ca.crt'] }),
    says: /half-written: no tls\.crt/,
  },
  {
    why: 'a Secret has the certificate of before and the next key',
    damage: holds({ ...leaf, 'tls.key': anotherLeaf['tls.key'] }),
    says: /the key is not that of the certificate/,
  },
  {
    why: 'a Secret has the CA of another',
    damage: holds({ ...leaf, 'ca.crt': otherRoot.data['ca.crt'] }),
    says: /does not fit together|cannot be read/,
  },
  {
    why: 'a Secret holds cut text',
    damage: holds({ ...leaf, 'tls.crt': leaf['tls.crt'].slice(0, 400) }),
    says: /cannot be read/,
  },
  {
    why: 'another CA than that of the issuer signed',
    damage: holds(makeLeaf(otherRoot)),
    says: /leaf is not signed by root/,
  },
  {
    why: 'two requests of one revision were signed',
    damage: ({ sightings }) =>
      sightings.note('certificaterequests', {
        type: 'ADDED',
        object: at(request(anotherLeaf['tls.crt'], 1, 'uid-2'), 9),
      }),
    says: /leaf, revision 1 for leaf was issued more than once: 2 certificates in 2 requests/,
  },
  {
    why: 'one request was signed twice',
    damage: ({ sightings }) =>
      sightings.note('certificaterequests', {
        type: 'MODIFIED',
        object: at(request(anotherLeaf['tls.crt']), 9),
      }),
    says: /2 certificates in 1 requests/,
  },
  {
    why: 'the Secret holds something else than its request',
    damage: holds(anotherLeaf),
    says: /another certificate than its request/,
  },
  {
    why: 'the certificate of a revision is not the one that was seen before',
    damage: (it) => {
      holds(anotherLeaf)(it);
      it.state.requests = [request(anotherLeaf['tls.crt'])];
    },
    says: /another certificate than was seen for its revision 1/,
  },
  {
    why: 'the request of the revision is gone',
    damage: (it) => (it.state.requests = []),
    says: /0 requests of its revision 1/,
  },
  {
    why: 'a revision was skipped',
    damage: (it) => (it.state.certificates = [certificate(2)]),
    says: /at revision 2, and these were issued: 1/,
  },
  {
    why: 'the Secret held a certificate that no revision knows',
    damage: ({ sightings }) => sightings.note('secrets', { type: 'MODIFIED', object: secret('leaf', anotherLeaf, 9) }),
    says: /held 2 certificates over time, of 1 revisions/,
  },
  {
    why: 'a watch goes back',
    damage: ({ sightings }) => sightings.note('secrets', { type: 'MODIFIED', object: secret('leaf', leaf, 3) }),
    says: /from revision 7 to 3/,
  },
];

function judge({ state, journal, sightings }: Scene): string[] {
  return violations(state, journal, sightings, now);
}

describe('what is checked after a crash', () => {
  test('nothing is said of a settled state that lost nothing', () => {
    assert.deepEqual(judge(scene()), []);
  });

  test('a write that was not answered may have happened or not', () => {
    const unanswered = scene();
    unanswered.journal.asks('Certificate/leaf', { ...spec, dnsNames: ['later'] });
    unanswered.journal.asks('Certificate/never-answered', spec);
    assert.deepEqual(judge(unanswered), []);
  });

  test('a spec that changes before its certificate is stored is asked for again under the same revision', () => {
    const changed = scene();
    const before = request(anotherLeaf['tls.crt'], 1, 'uid-of-the-first', asked('earlier'));
    changed.sightings = new Sightings();
    changed.sightings.note('certificaterequests', { type: 'ADDED', object: at(before, 3) });
    changed.sightings.note('certificaterequests', { type: 'ADDED', object: request(leaf['tls.crt']) });
    changed.sightings.note('secrets', { type: 'ADDED', object: secret('leaf', leaf) });
    assert.deepEqual(judge(changed), []);
  });

  for (const { why, damage, says } of breakages) {
    test(`it is noticed that ${why}`, () => {
      const damaged = scene();
      damage(damaged);
      assert.match(judge(damaged).join('\n'), says);
    });
  }
});
