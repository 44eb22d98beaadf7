import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { authenticate, userOfSubject } from './authenticate.ts';
import { createTokenTable } from './tokens.ts';

const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');
const tokens = createTokenTable([
  { sha256: sha256('one'), user: { username: 'ann', groups: ['a'] } },
  { sha256: sha256('two'), user: { username: 'bob' } },
  { sha256: 'not a digest', user: { username: 'nobody' } },
]);

for (const { subject, user } of [
  { subject: { CN: 'ann', O: 'a' }, user: { username: 'ann', groups: ['a', 'system:authenticated'] } },
  { subject: { CN: 'ann', O: ['a', 'b'] }, user: { username: 'ann', groups: ['a', 'b', 'system:authenticated'] } },
  { subject: { CN: ['ann', 'bob'] }, user: { username: 'ann', groups: ['system:authenticated'] } },
  { subject: { O: 'a' }, user: undefined },
  { subject: { CN: '' }, user: undefined },
]) {
  test(`userOfSubject() finds ${user?.username ?? 'nobody'} in ${JSON.stringify(subject)}`, () => {
    assert.deepEqual(userOfSubject(subject), user);
  });
}

const certificateUser = { username: 'cert' };

for (const { header, expected, why } of [
  { header: undefined, expected: 'cert', why: 'without a token the certificate counts' },
  { header: 'Bearer one', expected: 'ann', why: 'a token counts' },
  { header: 'bearer  two ', expected: 'bob', why: 'the scheme has no case' },
  { header: 'Bearer three', expected: undefined, why: 'a wrong token is not excused by the certificate' },
  { header: 'Bearer ONE', expected: undefined, why: 'tokens have a case' },
  { header: 'Bearer', expected: undefined, why: 'there is no token' },
  { header: 'Basic one', expected: undefined, why: 'the scheme is another' },
]) {
  test(`authenticate() finds ${expected ?? 'nobody'} by ${header ?? 'no header'}: ${why}`, () => {
    assert.equal(authenticate(header, certificateUser, tokens)?.username, expected);
  });
}

test('authenticate() adds every known user to system:authenticated, once', () => {
  assert.deepEqual(authenticate('Bearer one', undefined, tokens)?.groups, ['a', 'system:authenticated']);
});
