import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import type { API } from '../api.ts';
import { apiKind } from '../api.ts';
import { api } from '../test-tls-objects.ts';
import { validateAPI, warnOfAPI } from './api.ts';

const to = (url: string, name?: string): API['spec']['endpoints'] => ({
  production: { url, ...(name && { tlsClientProfileRef: { name } }) },
});

for (const { why, spec, wanted } of [
  { why: 'an https backend with a profile', spec: { endpoints: to('https://[::1]:9/x', 'a') }, wanted: [] },
  { why: 'an http backend', spec: { endpoints: to('http://pets') }, wanted: [] },
  {
    why: 'an endpoint without scheme',
    spec: { endpoints: to('pets:8443/v1') },
    wanted: [/^spec\.endpoints\.production\.url: .*it has no scheme; write https:\/\/pets:8443\/v1, or http:\/\//],
  },
  {
    why: 'a sandbox that is none',
    spec: { endpoints: { ...to('https://pets'), sandbox: { url: 'x y' } } },
    wanted: [/^spec\.endpoints\.sandbox\.url: /],
  },
  {
    why: 'a TLS profile of an http backend',
    spec: { endpoints: to('http://pets', 'a') },
    wanted: [/^spec\.endpoints\.production\.tlsClientProfileRef: Forbidden: an http backend uses no TLS/],
  },
  { why: 'a base path that is none', spec: { basePath: 'pets' }, wanted: [/^spec\.basePath: .*write \/pets$/] },
  { why: 'no version', spec: { version: '' }, wanted: [/^spec\.version: Required value/] },
  {
    why: 'a gateway twice, and no name',
    spec: { gateways: ['a', 'a', 'B/c'] },
    wanted: [/^spec\.gateways\[1\]: Duplicate value: "a"/, /^spec\.gateways\[2\]: Invalid value: "B\/c"/],
  },
]) {
  test(`an API with ${why}`, () => {
    const found = validateAPI(api(spec)).map(fieldErrorText);
    assert.equal(found.length, wanted.length, found.join('\n'));
    wanted.forEach((pattern, index) => assert.match(found[index]!, pattern));
  });
}

test('warnOfAPI() tells of what is not encrypted', () => {
  assert.match(
    warnOfAPI(api({ endpoints: to('http://pets') })).join(),
    /^spec\.endpoints\.production\.url: what is sent/,
  );
  assert.deepEqual(warnOfAPI(api()), []);
});

test('an API is found by its https endpoints and profiles', () => {
  const endpoints = {
    production: { url: 'https://Pets.example.com/v1', tlsClientProfileRef: { name: 'a' } },
    sandbox: { url: 'http://pets', tlsClientProfileRef: { name: 'b', namespace: 'chancery-system' } },
  };
  const terms = (index: string) => apiKind.indexes[index]!(api({ endpoints }));
  assert.deepEqual(terms('endpoint'), ['pets.example.com:443', 'pets.example.com']);
  assert.deepEqual(terms('clientProfile'), ['team/a', 'chancery-system/b']);
  assert.deepEqual(terms('basePath'), ['/petstore/v1']);
});
