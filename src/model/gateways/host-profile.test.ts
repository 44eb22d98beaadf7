import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { API, TLSClientProfile } from '#model/resources';
import { GatewayWorld } from './test-gateway-world.ts';
import { hostProfile } from './host-profile.ts';

const world = new GatewayWorld();
const api: API = world.api('team/petstore');
const endpoint = { host: 'foo.com', port: 8443 };

const profile = (place: string, servers: readonly string[], creationTimestamp = '2026-01-01T00:00:00Z') =>
  world.put('TLSClientProfile', place, { spec: { servers }, creationTimestamp }) as TLSClientProfile;

const exact = profile('team/exact', ['bar.com', 'foo.com:8443']);
const everyPort = profile('team/every-port', ['foo.com']);
const all = profile('team/all', ['*']);
const ofSystem = profile('chancery-system/exact', ['foo.com:8443']);
const foreign = profile('other/exact', ['foo.com:8443'], '2020-01-01T00:00:00Z');
const younger = profile('team/a-younger', ['foo.com:8443'], '2026-01-02T00:00:00Z');

for (const { why, candidates, wanted } of [
  { why: 'nothing where there is none', candidates: [], wanted: undefined },
  { why: 'host and port before host and all', candidates: [all, everyPort, exact], wanted: exact },
  { why: 'the host before all', candidates: [all, everyPort], wanted: everyPort },
  { why: 'the one for all where nothing is closer', candidates: [all], wanted: all },
  { why: 'a closer one of the system before a wider one of its own', candidates: [all, ofSystem], wanted: ofSystem },
  { why: 'its own namespace before the system', candidates: [ofSystem, exact], wanted: exact },
  { why: 'none of other namespaces', candidates: [foreign], wanted: undefined },
  { why: 'the older of two alike', candidates: [younger, exact], wanted: exact },
  { why: 'none for another port', candidates: [profile('team/port', ['foo.com:443'])], wanted: undefined },
]) {
  test(`hostProfile() takes ${why}`, () => {
    assert.equal(hostProfile(candidates, api, endpoint), wanted);
    assert.equal(hostProfile(candidates.toReversed(), api, endpoint), wanted);
  });
}
