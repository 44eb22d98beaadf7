import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { test } from 'node:test';
import fc from 'fast-check';
import { certificate, certificates, configMap, configMaps, jsonBody, sendRaw } from './raw-request.ts';
import { startTestServer } from './server-fixture.ts';
import { testPKI } from './test-pki.ts';

const word = fc.constantFrom(
  'a',
  'web',
  'default',
  'team',
  'nowhere',
  'Not_A_Name',
  'status',
  '..',
  '%2e',
  '%00',
  'x'.repeat(300),
);
const path = fc.oneof(
  fc.tuple(
    fc.constantFrom('/api/v1', '/apis/cert-manager.io/v1', '/apis/authorization.k8s.io/v1'),
    fc.array(word, { maxLength: 4 }),
  ),
  fc.tuple(
    fc.constantFrom(
      '/api/v1/namespaces/default/configmaps',
      '/apis/cert-manager.io/v1/namespaces/default/certificates',
    ),
    fc.array(word, { maxLength: 2 }),
  ),
  fc.tuple(
    fc.constantFrom(
      '/api/v1/namespaces/default/configmaps',
      '/api/v1/namespaces/default/secrets',
      '/apis/cert-manager.io/v1/namespaces/default/certificates',
    ),
    fc.constant(['web']),
  ),
  fc.tuple(fc.constantFrom('/openapi/v3', '/version', '/livez'), fc.array(word, { maxLength: 1 })),
);

const parameter = fc.constantFrom(
  'dryRun=All',
  'dryRun=x',
  'limit=1',
  'limit=-1',
  'limit=1e9',
  'continue=eyJ2IjoxfQ',
  'continue=e30',
  'continue=%ff',
  'resourceVersion=0',
  'resourceVersion=1',
  'resourceVersion=99999999',
  'resourceVersionMatch=Exact',
  'fieldManager=f',
  'labelSelector=a%3Db',
  'labelSelector=!',
  'labelSelector=a%20in%20(',
  'fieldSelector=metadata.name%3Da',
  'fieldSelector=%5C',
  'force=true',
  'fieldValidation=Strict',
  'fieldValidation=Warn',
  'propagationPolicy=Orphan',
  'orphanDependents=1',
  'sendInitialEvents=true',
  'includeObject=None',
  'gracePeriodSeconds=0',
  'pretty',
  '=',
  '%',
  'watch=0',
);

const json = fc.oneof(
  fc.constantFrom('', '{}', '[]', 'null', '1', '"x"', '{', '[{"op":"add","path":"/metadata/labels","value":1}]'),
  fc.constantFrom(
    '{"metadata":null}',
    '{"metadata":{"name":"web","labels":[]}}',
    '{"metadata":{"name":"web","labels":{"a":1}},"data":{"k":"v"}}',
    '{"metadata":{"name":"web","managedFields":[{"fieldsV1":{"x":1}}]}}',
    '{"metadata":{"name":"web","managedFields":[{"manager":1,"fieldsV1":"x","time":"never"}]}}',
    '{"metadata":{"name":"web","finalizers":"x","ownerReferences":[{}],"creationTimestamp":5}}',
    '{"metadata":{"name":"web","annotations":{"a":null}},"spec":{"secretName":{},"dnsNames":"x","issuerRef":[]},"status":1}',
    '{"metadata":{"name":"web"},"spec":{"secretName":"s","dnsNames":["a"],"issuerRef":{"name":"ca"},"duration":"x"}}',
    '{"spec":{"resourceAttributes":{"verb":"list"}}}',
    '[{"op":"move","from":"","path":"/a"},{"op":"remove","path":""}]',
    '[{"op":"replace","path":"","value":null}]',
    '[{"op":"copy","from":"/metadata","path":"/metadata/labels/x"}]',
    '{"data":{"$patch":"replace","$retainKeys":1,"$setElementOrder/x":{}}}',
    '{"metadata":{"$deleteFromPrimitiveList/finalizers":5,"$setElementOrder/ownerReferences":[{"uid":1}]}}',
  ),
  fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify({ metadata: value, spec: value, data: value })),
  fc.string(),
);

const contentType = fc.constantFrom(
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json-patch+json',

  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'x',
  '',
);
const accept = fc.constantFrom(
  'application/json',
  '*/*',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=',
  ';;=,',
  'x',
);

test('whatever an administrator sends, the server has an answer that is none of its own faults', async () => {
  await using server = await startTestServer();
  const agent = new Agent({ keepAlive: true, ca: testPKI().ca });
  for (const [path, body] of [
    [configMaps, configMap('web', { a: 'b' })],
    [certificates, JSON.stringify(certificate('web'))],
  ] as const) {
    await sendRaw(server, { method: 'POST', path, headers: jsonBody, body });
  }
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS');
  await fc.assert(
    fc.asyncProperty(
      fc.record({ method, path, query: fc.array(parameter, { maxLength: 4 }), body: json, contentType, accept }),
      async ({ method, path: [root, segments], query, body, contentType, accept }) => {
        const answer = await sendRaw(server, {
          method,
          path: `${[root, ...segments].join('/')}?${query.join('&')}`,
          agent,
          headers: { 'content-type': contentType, accept },
          ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
        });
        assert.ok(answer.code < 500 || answer.code === 504, `${answer.code} ${answer.text}`);
        assert.deepEqual(server.failures, []);
      },
    ),
    { numRuns: Number(process.env['FUZZ'] ?? 1500) },
  );
  agent.destroy();
  assert.equal((await sendRaw(server, { path: '/livez', as: null })).text, 'ok');
});
