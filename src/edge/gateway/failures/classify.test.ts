import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failureAnswer } from './answer.ts';
import type { Stage } from './classify.ts';
import { classifyBackendError } from './classify.ts';
import { callerFailures } from './codes.ts';
import type { CallerFailureCode } from './codes.ts';

function coded(code: string): Error {
  return Object.assign(new Error(`because of\n ${code}`), { code });
}

describe('classifyBackendError()', () => {
  const cases: [code: string, stage: Stage, expected: CallerFailureCode, why: string][] = [
    ['SELF_SIGNED_CERT_IN_CHAIN', 'handshaking', 'backend-certificate-not-trusted', 'an unknown root'],
    ['CERT_HAS_EXPIRED', 'handshaking', 'backend-certificate-expired', 'expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'handshaking', 'backend-name-mismatch', 'another name'],
    [
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      'connected',
      'backend-refused-client-certificate',
      'TLS 1.3 refuses late',
    ],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'handshaking', 'backend-tls-version', 'no version in common'],
    ['ERR_SSL_ANYTHING_ELSE', 'connected', 'backend-tls-failed', 'TLS faults are TLS faults at any stage'],
    ['ECONNRESET', 'connecting', 'backend-unreachable', 'reset before the connection stood'],
    ['ECONNRESET', 'handshaking', 'backend-tls-failed', 'reset in the handshake'],
    ['ECONNRESET', 'connected', 'backend-failed', 'reset in the middle of a response'],
    ['ETIMEDOUT', 'connected', 'backend-timeout', 'too late'],
    ['MALFORMED_ANSWER', 'connected', 'backend-failed', 'not HTTP'],
  ];
  for (const [code, stage, expected, why] of cases) {
    it(`calls ${code} while ${stage} ${expected}: ${why}`, () => {
      const failure = classifyBackendError(coded(code), stage);
      assert.deepEqual(failure, { code: expected, reason: code, message: `because of ${code}` });
    });
  }

  it('takes one of several errors for all when every address failed', () => {
    const failure = classifyBackendError(
      new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]),
      'connecting',
    );
    assert.deepEqual([failure.code, failure.reason], ['backend-unreachable', 'ECONNREFUSED']);
  });
});

describe('failureAnswer()', () => {
  for (const code of Object.keys(callerFailures) as CallerFailureCode[]) {
    it(`names ${code} in the header and in the body`, () => {
      const { status, headers, body } = failureAnswer(code);
      assert.equal(headers[headers.indexOf('chancery-error') + 1], code);
      assert.equal((JSON.parse(body) as { code: string }).code, code);
      assert.ok(status >= 400 && status < 600);
    });
  }
});
