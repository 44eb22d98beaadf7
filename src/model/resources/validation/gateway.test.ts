import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import type { GatewayNode } from '../gateway-node.ts';
import { gatewayNodeKind } from '../gateway-node.ts';
import { gatewayKind } from '../gateway.ts';
import { gateway, ofSystem } from '../test-tls-objects.ts';
import { validateGateway, validateGatewayNode } from './gateway.ts';

const on = (host: string, name = 'in', namespace?: string) => ({
  host,
  tlsServerProfileRef: { name, ...(namespace && { namespace }) },
});

for (const { why, one, wanted } of [
  { why: 'hosts of every form', one: gateway({ sni: [on('*'), on('*.a.com'), on('b.a.com')] }), wanted: [] },
  { why: 'no host', one: gateway({ sni: [] }), wanted: [/^spec\.sni: Required value/] },
  {
    why: 'one host in two spellings',
    one: gateway({ sni: [on('a.com'), on('A.com')] }),
    wanted: [/^spec\.sni\[1\]\.host: Duplicate value: "A\.com"/],
  },
  { why: 'an address', one: gateway({ sni: [on('10.0.0.1')] }), wanted: [/^spec\.sni\[0\]\.host: .*use "\*"/] },
  { why: 'a profile of the installation', one: gateway({ sni: [on('*', 'a', 'chancery-system')] }), wanted: [] },
  {
    why: 'a profile of others',
    one: gateway({ sni: [on('*', 'a', 'b')] }),
    wanted: [/^spec\.sni\[0\]\.tlsServerProfileRef\.namespace: Forbidden/],
  },
  { why: 'its own APIs', one: gateway({ apiNamespaces: ['team'] }), wanted: [] },
  { why: 'APIs of others', one: gateway({ apiNamespaces: ['b'] }), wanted: [/^spec\.apiNamespaces\[0\]: Forbidden/] },
  { why: 'APIs of others, from the installation', one: ofSystem(gateway({ apiNamespaces: ['b'] })), wanted: [] },
  {
    why: 'the same namespace twice',
    one: gateway({ apiNamespaces: ['team', 'team'] }),
    wanted: [/^spec\.apiNamespaces\[1\]: Duplicate/],
  },
]) {
  test(`a Gateway with ${why}`, () => {
    const found = validateGateway(one).map(fieldErrorText);
    assert.equal(found.length, wanted.length, found.join('\n'));
    wanted.forEach((pattern, index) => assert.match(found[index]!, pattern));
  });
}

test('a Gateway is found by its profiles', () => {
  const terms = gatewayKind.indexes['serverProfile']!(gateway({ sni: [on('*'), on('a', 'b', 'chancery-system')] }));
  assert.deepEqual(terms, ['team/in', 'chancery-system/b']);
});

test('ten thousand hosts are judged at once', () => {
  const sni = Array.from({ length: 10_000 }, (_, index) => on(`h${index}.example.com`));
  const started = performance.now();
  assert.deepEqual(validateGateway(gateway({ sni })), []);
  assert.ok(performance.now() - started < 2000);
});

const node = (namespace?: string): GatewayNode => ({
  ...gateway(),
  kind: 'GatewayNode',
  spec: { gatewayRef: { name: 'edge', ...(namespace && { namespace }) } },
});

test('a GatewayNode runs a Gateway of its namespace, by which it is found', () => {
  assert.deepEqual([validateGatewayNode(node()), validateGatewayNode(node('team'))], [[], []]);
  assert.match(validateGatewayNode(node('b')).map(fieldErrorText).join(), /^spec\.gatewayRef\.namespace: Forbidden/);
  assert.equal(validateGatewayNode(ofSystem(node('team'))).length, 1);
  assert.deepEqual(gatewayNodeKind.indexes['gateway']!(node()), ['team/edge']);
});
