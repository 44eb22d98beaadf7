import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { routePlan, upstreamPlan } from '../test-material.ts';
import { backendAuthority, backendPath, RouteTable } from './route-table.ts';

function tableOf(...basePaths: string[]): RouteTable {
  const table = new RouteTable();
  for (const basePath of basePaths) {
    table.set({ kind: 'unavailable', plan: { api: `test${basePath}`, basePath, message: '' } });
  }
  return table;
}

describe('RouteTable.find()', () => {
  const table = tableOf('/a', '/a/b', '/petstore/v1', '/x/y/z');
  const cases: [path: string, basePath: string | undefined, why: string][] = [
    ['/a', '/a', 'the base path itself'],
    ['/a/', '/a', 'with a slash'],
    ['/a/c', '/a', 'below it'],
    ['/a/b/c', '/a/b', 'the longest counts'],
    ['/ab', undefined, 'half a segment does not count'],
    ['/a?b', '/a', 'a query ends the path'],
    ['/a/b?/c', '/a/b', 'a slash in the query is not one'],
    ['/petstore/v12', undefined, 'another version'],
    ['/x/y', undefined, 'a prefix of a base path'],
    ['/', undefined, 'the root, which nobody serves'],
  ];
  for (const [path, basePath, why] of cases) {
    it(`finds ${String(basePath)} for ${path}: ${why}`, () => {
      assert.equal(table.find(path)?.plan.basePath, basePath);
    });
  }

  it('finds an API at the root for whatever nothing else matches', () => {
    const rooted = tableOf('', '/a');
    assert.equal(rooted.find('/zzz')?.plan.basePath, '');
    assert.equal(rooted.find('/')?.plan.basePath, '');
    assert.equal(rooted.find('/a/x')?.plan.basePath, '/a');
  });

  it('forgets the old base path of an API that moved, and leaves one that another API took', () => {
    const moved = tableOf('/a');
    moved.set({ kind: 'unavailable', plan: { api: 'test/a', basePath: '/b', message: '' } });
    assert.equal(moved.find('/a'), undefined);
    moved.set({ kind: 'unavailable', plan: { api: 'other', basePath: '/b', message: '' } });
    moved.delete('test/a');
    assert.equal(moved.find('/b')?.plan.api, 'other');
  });
});

describe('backendPath()', () => {
  const cases: [basePath: string, targetPath: string, path: string, backend: string][] = [
    ['/v1', '', '/v1/pets', '/pets'],
    ['/v1', '', '/v1', '/'],
    ['/v1', '', '/v1?x=1', '/?x=1'],
    ['/v1', '/base', '/v1', '/base'],
    ['/v1', '/base', '/v1/', '/base/'],
    ['/v1', '/base', '/v1/pets?x=1', '/base/pets?x=1'],
    ['', '/base', '/pets', '/base/pets'],
  ];
  for (const [basePath, targetPath, path, backend] of cases) {
    it(`makes ${backend} of ${path} under ${basePath || '/'} for ${targetPath || '/'}`, () => {
      assert.equal(backendPath(routePlan(basePath, upstreamPlan(1), { targetPath }), path), backend);
    });
  }
});

describe('backendAuthority()', () => {
  const cases: [endpoint: string, secure: boolean, authority: string][] = [
    ['b.test:443', true, 'b.test'],
    ['b.test:80', true, 'b.test:80'],
    ['b.test:80', false, 'b.test'],
    ['[::1]:8443', true, '[::1]:8443'],
  ];
  for (const [endpoint, secure, authority] of cases) {
    it(`names ${endpoint} ${authority} over ${secure ? 'https' : 'http'}`, () => {
      assert.equal(backendAuthority(routePlan('/a', upstreamPlan(1, { endpoint, secure }))), authority);
    });
  }
});
