import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { encodeContinue, parseContinue } from './continue-token.ts';

it('parseContinue() reads what encodeContinue() wrote', () => {
  const property = fc.property(fc.nat(), fc.stringMatching(/^[!-~]{1,100}$/u), (at, rest) => {
    const continuation = { at, after: `/p/${rest}` };
    assert.deepEqual(parseContinue(encodeContinue(continuation, '/p/'), '/p/'), continuation);
  });
  fc.assert(property);
});

it('parseContinue() refuses any other text with bad-request, and nothing else', () => {
  const property = fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json()), (text) => {
    for (const token of [text, Buffer.from(text).toString('base64url')]) {
      try {
        parseContinue(token, '/p/');
        assert.fail(`accepted ${token}`);
      } catch (error) {
        assert.ok(isCoded(error, 'bad-request'));
      }
    }
  });
  fc.assert(property);
});
