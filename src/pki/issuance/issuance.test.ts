import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import {
  Certificate,
  buildCertificateRequest,
  checkPath,
  encodeName,
  generateKey,
  isSelfSigned,
  keyIdentifier,
  keySpec,
  nameConstraintsExtension,
  p256,
  parseCertificateChain,
  parseCertificateRequest,
  parseCertificateRequestPEM,
  parseCertificatesPEM,
  subjectAltNameExtension,
} from '#pki/x509';
import { makeCA } from '../x509/certificates/certificate.fixture.ts';
import { createAuthority, createSelfIssuer } from './authority.ts';
import {
  altNamesOf,
  caOrder,
  constraints,
  goodTemplate,
  leafOrder,
  makeAuthority,
  now,
  subjectOf,
  year,
} from './issuance.fixture.ts';
import { issueCertificate } from './issue.ts';
import { defaultDurationSeconds, templateForIdentity, templateFromRequest } from './request-template.ts';
import { newSerialNumber, serialNumber } from './serial.ts';
import { clampNotAfter, planValidity } from './validity.ts';
import { verifyIssuer } from './verify-issuer.ts';

const root = makeAuthority();
const intermediate = makeAuthority({ subject: subjectOf('Intermediate') }, root);
const hex = (value: Uint8Array | undefined): string => Buffer.from(value ?? []).toString('hex');

test('a token signs once', () => {
  const token = root.issuer.prepare(goodTemplate);
  assert.ok(root.issuer.sign(token).certificate instanceof Certificate);
  assert.throws(
    () => root.issuer.sign(token),
    (error) => isCoded(error, 'token-spent'),
  );
});

test('a token of another issuer signs nothing, and stays good for its own', () => {
  const token = root.issuer.prepare(goodTemplate);
  assert.throws(
    () => intermediate.issuer.sign(token),
    (error) => isCoded(error, 'token-spent'),
  );
  assert.ok(root.issuer.sign(token));
});

test('a token cannot be made by hand, nor change what it stands for', () => {
  const forged = Object.freeze({}) as Parameters<typeof root.issuer.sign>[0];
  assert.throws(
    () => root.issuer.sign(forged),
    (error) => isCoded(error, 'token-spent'),
  );
  const dnsNames = ['leaf.example'];
  const template = { ...goodTemplate, altNames: altNamesOf({ dnsNames }) };
  const token = root.issuer.prepare(template);
  (template.altNames as unknown[]).length = 0;
  assert.deepEqual(root.issuer.sign(token).certificate.subjectAltNames.dnsNames, dnsNames);
});

test('the signing key is not among the members of an issuer', () => {
  assert.deepEqual(Object.keys(root.issuer), ['certificate']);
  assert.ok(!JSON.stringify(root.result.key).includes('BEGIN'));
});

test('every certificate has subject and authority key identifiers, roots and end-entity certificates too', () => {
  const leaf = issueCertificate(leafOrder, intermediate, now).issued.certificate;
  const alone = issueCertificate(leafOrder, undefined, now).issued.certificate;
  for (const [certificate, issuer] of [
    [leaf, intermediate.certificate],
    [root.certificate, root.certificate],
    [alone, alone],
  ] as const) {
    assert.equal(hex(certificate.subjectKeyId), hex(keyIdentifier(certificate.spki)));
    assert.equal(hex(certificate.authorityKeyId), hex(issuer.subjectKeyId));
  }
});

test('a self-signed end-entity certificate is signed by the key it holds', () => {
  const { issued } = issueCertificate(leafOrder, undefined, now);
  assert.equal(isSelfSigned(issued.certificate), true);
  assert.equal(issued.certificate.isCA, false);
});

test('basic constraints are always there and critical, and the alternative names are critical without a subject', () => {
  const issued = issueCertificate({ ...leafOrder, subject: encodeName([]) }, root, now).issued.certificate;
  const critical = issued.extensions.filter((extension) => extension.critical).map(({ oid }) => oid);
  assert.deepEqual(critical, ['2.5.29.15', '2.5.29.19', '2.5.29.17']);
  assert.deepEqual(issued.fields.basicConstraints, { isCA: false });
});

test('a certificate starts 10 seconds early, and ends with its CA at the latest', () => {
  const within = issueCertificate(leafOrder, root, now);
  assert.deepEqual(within.issued.certificate.notBefore, new Date('2030-01-01T11:59:50Z'));
  assert.deepEqual(within.issued.certificate.notAfter, new Date('2030-01-31T12:00:00Z'));
  assert.equal(within.validity.clamped, false);
  const beyond = issueCertificate({ ...leafOrder, durationSeconds: 20 * year }, root, now);
  assert.equal(beyond.validity.clamped, true);
  assert.deepEqual(beyond.issued.certificate.notAfter, root.certificate.notAfter);
  const wanted = issueCertificate({ ...leafOrder, durationSeconds: 20 * year, mayOutliveIssuer: true }, root, now);
  assert.ok(wanted.issued.certificate.notAfter > root.certificate.notAfter);
});

test('clamping never moves an end later, and says when it moved one', () => {
  const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(date, date, (wanted, limit) => {
      const { notAfter, clamped } = clampNotAfter(wanted, limit);
      assert.ok(notAfter <= wanted && notAfter <= limit);
      assert.equal(clamped, notAfter < wanted);
    }),
  );
});

test('planValidity() answers whole seconds', () => {
  const { notBefore, notAfter } = planValidity(new Date('2030-01-01T00:00:00.999Z'), 3600);
  assert.deepEqual(
    [notBefore.toISOString(), notAfter.toISOString()],
    ['2029-12-31T23:59:50.000Z', '2030-01-01T01:00:00.000Z'],
  );
});

test('serial numbers have 159 random bits and do not repeat', () => {
  assert.equal(hex(serialNumber(Buffer.alloc(20, 0xff))), `7f${'ff'.repeat(19)}`);
  const serials = Array.from({ length: 1000 }, () => newSerialNumber());
  assert.equal(new Set(serials.map(hex)).size, 1000);
  assert.ok(serials.every((serial) => serial.length === 20 && serial[0]! < 0x80));
});

test('a request becomes a template: names and key from it, usages, CA bit and duration from beside it', () => {
  const key = generateKey(p256);
  const extensions = [subjectAltNameExtension(leafOrder.altNames, true)];
  const request = parseCertificateRequest(buildCertificateRequest(key, { subject: leafOrder.subject, extensions }));
  const { template, validity } = templateFromRequest(request, { usages: ['server auth'], durationSeconds: 3600 }, now);
  assert.deepEqual(template.altNames, leafOrder.altNames);
  assert.equal(hex(template.spki), hex(key.spki));
  assert.deepEqual([template.keyUsages, template.extendedKeyUsages], [[], ['server auth']]);
  assert.deepEqual(validity.notAfter, new Date(now.getTime() + 3_600_000));
  const issued = root.issuer.sign(root.issuer.prepare(template)).certificate;
  assert.equal(
    issued.extensions.find(({ oid }) => oid === '2.5.29.17')?.critical,
    false,
    'criticality is decided anew',
  );
});

test("a request without fields gets cert-manager's defaults", () => {
  const request = parseCertificateRequest(buildCertificateRequest(generateKey(p256), { subject: leafOrder.subject }));
  const { template, validity } = templateFromRequest(request, {}, now);
  assert.deepEqual(template.keyUsages, ['digital signature', 'key encipherment']);
  assert.deepEqual(template.extendedKeyUsages, []);
  assert.equal(validity.notAfter.getTime() - now.getTime(), defaultDurationSeconds * 1000);
});

test('name constraints of a request are kept for a CA, and only for a CA', () => {
  const extensions = [nameConstraintsExtension(constraints)];
  const request = parseCertificateRequest(
    buildCertificateRequest(generateKey(p256), { subject: subjectOf('ca'), extensions }),
  );
  assert.deepEqual(templateFromRequest(request, { isCA: true }, now).template.nameConstraints, constraints);
  assert.equal(templateFromRequest(request, { isCA: false }, now).template.nameConstraints, undefined);
});

test('a request that its own key did not sign is refused', () => {
  const der = Buffer.from(buildCertificateRequest(generateKey(p256), { subject: leafOrder.subject }));
  der[der.lastIndexOf(0x02) + 3]! ^= 1;
  const request = parseCertificateRequest(der);
  assert.throws(
    () => templateFromRequest(request, {}, now),
    (error) => isCoded(error, 'request-malformed'),
  );
  assert.ok(templateForIdentity(request, {}, now));
});

test('issueCertificate() answers a request that asks for what was issued', () => {
  const { requestPEM, issued } = issueCertificate(leafOrder, root, now);
  const request = parseCertificateRequestPEM(requestPEM!);
  assert.equal(hex(request.spki), hex(issued.certificate.spki));
  assert.deepEqual(request.altNames, issued.certificate.fields.altNames);
  assert.deepEqual(request.keyUsages, leafOrder.keyUsages);
  assert.equal(issueCertificate({ ...leafOrder, withRequest: false }, root, now).requestPEM, undefined);
  const silent = issueCertificate({ ...leafOrder, encodeUsages: false }, root, now).requestPEM;
  assert.equal(parseCertificateRequestPEM(silent!).keyUsages, undefined);
});

test('an authority knows what accompanies its certificates in a Secret', () => {
  const { issued } = issueCertificate(leafOrder, intermediate, now);
  const { chain, ca } = parseCertificateChain([issued.certificate, intermediate.certificate, root.certificate]);
  assert.equal(issued.toPEM() + intermediate.chainPEM, chain.map((one) => one.toPEM()).join(''));
  assert.equal(intermediate.caPEM, ca?.toPEM());
  assert.deepEqual([root.chainPEM, root.caPEM], ['', root.certificate.toPEM()]);
  const alone = createAuthority([intermediate.certificate], intermediate.result.key);
  assert.deepEqual([alone.chainPEM, alone.caPEM], [intermediate.certificate.toPEM(), intermediate.certificate.toPEM()]);
  assert.equal(parseCertificatesPEM(intermediate.chainPEM).length, 1);
});

test('an authority beneath a root that another root has signed too hands on both ways up', () => {
  const [before, next] = [makeCA('root'), makeCA('root')];
  const cross = makeCA('root', before, { key: next.key });
  const middle = makeCA('middle', next);
  for (const above of [
    [cross, next],
    [next, cross],
  ]) {
    const certificates = [middle, ...above].map(({ certificate }) => certificate);
    assert.deepEqual(verifyIssuer(certificates, middle.key, now), []);
    const { chainPEM, caPEM } = createAuthority(certificates, middle.key);
    assert.equal(chainPEM, middle.certificate.toPEM() + cross.certificate.toPEM());
    assert.equal(caPEM, next.certificate.toPEM());
  }
});

test('an authority cannot be made of what does not fit', () => {
  const { key } = intermediate.result;
  const leaf = issueCertificate(leafOrder, root, now);
  assert.throws(
    () => createAuthority([], key),
    (error) => isCoded(error, 'issuer-unfit'),
  );
  assert.throws(
    () => createAuthority([root.certificate], key),
    (error) => isCoded(error, 'issuer-unfit'),
  );
  assert.throws(() => createAuthority([leaf.issued.certificate], leaf.key), /certificate is not a CA/);
  const stranger = makeAuthority();
  const mixed = [intermediate.certificate, stranger.certificate];
  assert.throws(
    () => createAuthority(mixed, key),
    (error) => isCoded(error, 'chain-malformed'),
  );
});

test('a path from an issued certificate to the root has no problems', () => {
  const { issued } = issueCertificate(leafOrder, intermediate, now);
  assert.deepEqual(checkPath([issued.certificate, intermediate.certificate, root.certificate], now), []);
});

const expired = new Date('2045-01-01');
const other = generateKey(p256);
const notCA = issueCertificate({ ...leafOrder, keyUsages: ['digital signature'] }, root, now);
const unnamed = makeAuthority({ subject: encodeName([]), altNames: altNamesOf({ dnsNames: ['x.example'] }) });
const shortRoot = makeAuthority({ durationSeconds: 3600 });
const underShort = makeAuthority({ subject: subjectOf('under'), mayOutliveIssuer: true }, shortRoot);
const later = new Date(now.getTime() + 7_200_000);

const issuers: readonly {
  certificates: readonly Certificate[];
  key?: typeof other;
  at?: Date;
  codes: string[];
  why: string;
}[] = [
  { certificates: [root.certificate], key: root.result.key, codes: [], why: 'a good root' },
  {
    certificates: [intermediate.certificate, root.certificate],
    key: intermediate.result.key,
    codes: [],
    why: 'a good intermediate',
  },
  { certificates: [], codes: ['no-certificate'], why: 'nothing' },
  { certificates: [root.certificate], codes: ['pair-mismatch'], why: 'the key of another' },
  { certificates: [root.certificate], key: root.result.key, at: expired, codes: ['expired'], why: 'an expired root' },
  {
    certificates: [root.certificate],
    key: root.result.key,
    at: new Date('2020-01-01'),
    codes: ['not-yet-valid'],
    why: 'a root of the future',
  },
  {
    certificates: [notCA.issued.certificate],
    key: notCA.key,
    codes: ['not-a-ca', 'no-cert-sign'],
    why: 'an end-entity certificate',
  },
  { certificates: [unnamed.certificate], key: unnamed.result.key, codes: ['no-name'], why: 'a CA without a name' },
  {
    certificates: [intermediate.certificate, unnamed.certificate],
    key: intermediate.result.key,
    codes: ['chain-broken'],
    why: 'a chain that does not link',
  },
  {
    certificates: [root.certificate, intermediate.certificate],
    key: root.result.key,
    codes: ['chain-broken'],
    why: 'a chain with another certificate first',
  },
  {
    certificates: [underShort.certificate, shortRoot.certificate],
    key: underShort.result.key,
    at: later,
    codes: ['expired'],
    why: 'an expired root above',
  },
];

for (const { certificates, key = other, at = now, codes, why } of issuers) {
  test(`verifyIssuer() with ${why}`, () => {
    assert.deepEqual(
      verifyIssuer(certificates, key, at).map(({ code }) => code),
      codes,
    );
  });
}

test('a self-issuer signs with the algorithm of its own key', () => {
  const key = generateKey(keySpec('ECDSA', 384));
  const issuer = createSelfIssuer(caOrder.subject, key);
  const template = { ...goodTemplate, subject: caOrder.subject, spki: key.spki };
  assert.equal(issuer.sign(issuer.prepare(template)).certificate.signatureAlgorithm, 'ECDSAWithSHA384');
});

test('whatever is asked for, the certificate says it, or a lint refuses it', () => {
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
  const dnsNames = fc.array(fc.oneof(fc.domain(), label, fc.string({ maxLength: 12 })), { maxLength: 6 });
  const commonName = fc.string({ maxLength: 80 });
  fc.assert(
    fc.property(dnsNames, commonName, fc.array(fc.ipV4(), { maxLength: 3 }), (dnsNames, commonName, ipAddresses) => {
      const order = { ...leafOrder, subject: subjectOf(commonName), altNames: altNamesOf({ dnsNames, ipAddresses }) };
      try {
        const { certificate } = issueCertificate(order, root, now).issued;
        assert.deepEqual(certificate.subjectAltNames.dnsNames, dnsNames);
        assert.deepEqual(certificate.subjectAltNames.ipAddresses, ipAddresses);
        assert.equal(certificate.commonName ?? '', commonName);
      } catch (error) {
        if (!isCoded(error, 'lint-failed', 'name-malformed')) throw error;
      }
    }),
    { numRuns: 150, examples: [[[], '#00', []]] },
  );
});
