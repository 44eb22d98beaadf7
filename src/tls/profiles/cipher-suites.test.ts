import assert from 'node:assert/strict';
import { createSecureContext } from 'node:tls';
import { describe, test } from 'node:test';
import { cipherSuites } from './index.ts';

function isKnown(openssl: string): boolean {
  try {
    createSecureContext({ ciphers: openssl });
    return true;
  } catch {
    return false;
  }
}

describe('cipherSuites', () => {
  test("has API Connect's forty, under its names", () => {
    const ofAPIConnect = cipherSuites.filter((suite) => suite.ibm !== undefined);
    assert.equal(ofAPIConnect.length, 40);
    for (const { ibm, iana } of ofAPIConnect) assert.equal(iana, ibm?.startsWith('TLS_') === true ? ibm : `TLS_${ibm}`);
  });

  test('names each suite once', () => {
    for (const field of ['iana', 'openssl'] as const) {
      assert.equal(new Set(cipherSuites.map((suite) => suite[field])).size, cipherSuites.length);
    }
  });

  test("calls a suite available to clients exactly when Node's OpenSSL has it", () => {
    const available = cipherSuites.filter((suite) => suite.available.client === true);
    assert.deepEqual(
      available,
      cipherSuites.filter((suite) => isKnown(suite.openssl)),
    );
  });

  test('says why 3DES cannot be offered at all, and DSS not by a server', () => {
    const of3DES = cipherSuites.filter((suite) => suite.iana.includes('3DES'));
    assert.equal(of3DES.length, 5);
    for (const { available } of of3DES) assert.match(`${available.client} ${available.server}`, /SWEET32.*SWEET32/);
    const ofDSS = cipherSuites.filter((suite) => suite.authentication === 'DSS' && suite.available.client === true);
    assert.equal(ofDSS.length, 6);
    for (const { available } of ofDSS) assert.match(String(available.server), /DSA/);
  });
});
