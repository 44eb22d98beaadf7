import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basePathProblem } from './base-path.ts';

for (const path of ['/', '/petstore/v1', '/a.b/c~d/@:!$', '/%C3%BC', '/v1;x=1', '/...']) {
  test(`basePathProblem() takes ${path}`, () => assert.equal(basePathProblem(path), undefined));
}

for (const { path, problem, why } of [
  { path: '', problem: /such as \/petstore/, why: 'nothing' },
  { path: 'petstore', problem: /write \/petstore$/, why: 'no slash in front' },
  { path: 'https://x/petstore', problem: /leave out scheme/, why: 'a URL' },
  { path: '/petstore/', problem: /write \/petstore$/, why: 'a final slash' },
  { path: '//', problem: /write \/$/, why: 'only slashes' },
  { path: '/a//b', problem: /two slashes/, why: 'an empty segment' },
  { path: '/a/../b', problem: /segment "\.\."/, why: 'a way up, which no request can ask for' },
  { path: '/./b', problem: /segment "\."/, why: 'a segment that normalising removes' },
  { path: '/a?b', problem: /from \?/, why: 'a query' },
  { path: '/a b', problem: /percent-encode/, why: 'a space' },
  { path: '/ü', problem: /percent-encode/, why: 'a letter that travels encoded' },
  { path: '/a%2', problem: /two hexadecimal/, why: 'half an encoding' },
  { path: '/a%2Fb', problem: /cannot be percent-encoded/, why: 'a hidden slash' },
  { path: '/%2e%2e', problem: /cannot be percent-encoded/, why: 'a hidden way up' },
  { path: `/${'a'.repeat(1024)}`, problem: /longer than 1024/, why: 'too long' },
]) {
  test(`basePathProblem() refuses ${JSON.stringify(path.slice(0, 30))}: ${why}`, () => {
    assert.match(basePathProblem(path) ?? '', problem);
  });
}
