import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sendRaw } from './raw-request.ts';
import { startTestServer } from './server-fixture.ts';
import type { TestServer } from './server-fixture.ts';

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server[Symbol.asyncDispose]());

const aggregated = (version: string): string =>
  `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;

for (const { accept, contentType, why } of [
  { accept: undefined, contentType: 'application/json', why: 'nothing is asked for' },
  { accept: '*/*', contentType: 'application/json', why: 'anything will do' },
  {
    accept: `${aggregated('v2')},${aggregated('v2beta1')},application/json`,
    contentType: aggregated('v2'),
    why: 'v2 comes first',
  },
  { accept: `${aggregated('v2beta1')},application/json`, contentType: aggregated('v2beta1'), why: 'the client is old' },
  {
    accept: `${aggregated('v3')},${aggregated('v2')};profile=nopeer`,
    contentType: aggregated('v2'),
    why: 'v3 is not known yet',
  },
  {
    accept: `${aggregated('v9')},application/json`,
    contentType: 'application/json',
    why: 'only the plain form is known',
  },
]) {
  for (const path of ['/api', '/apis']) {
    test(`${path} is answered as ${contentType} when ${why}`, async () => {
      const answer = await sendRaw(server, { path, ...(accept === undefined ? {} : { headers: { accept } }) });
      assert.equal(answer.headers['content-type'], contentType);
      const isAggregated = answer.json.kind === 'APIGroupDiscoveryList';
      assert.equal(isAggregated, contentType !== 'application/json');
    });
  }
}

test('both forms of discovery show the same resources', async () => {
  const { json: groups } = await sendRaw(server, { path: '/apis', headers: { accept: aggregated('v2') } });
  const items = groups.items as unknown as {
    metadata: { name: string };
    versions: { version: string; resources: { resource: string; verbs: string[] }[] }[];
  }[];
  assert.ok(items.length > 0);
  for (const { metadata, versions } of items) {
    for (const { version, resources } of versions) {
      const { json } = await sendRaw(server, { path: `/apis/${metadata.name}/${version}` });
      const legacy = (json['resources'] as { name: string; verbs: string[] }[]).filter(
        ({ name }) => !name.includes('/'),
      );
      assert.deepEqual(
        legacy.map(({ name, verbs }) => ({ name, verbs })),
        resources.map(({ resource, verbs }) => ({ name: resource, verbs })),
      );
    }
  }
});

test('every document that /openapi/v3 lists can be kept for ever under its address', async () => {
  const { json } = await sendRaw(server, { path: '/openapi/v3' });
  const places = Object.values(json['paths'] as Record<string, { serverRelativeURL: string }>);
  assert.ok(places.length >= 2);
  for (const { serverRelativeURL } of places) {
    const document = await sendRaw(server, { path: serverRelativeURL });
    assert.equal(document.json['openapi'], '3.0.0');
    assert.match(document.headers['cache-control'] ?? '', /public, immutable/);
    const again = await sendRaw(server, {
      path: serverRelativeURL,
      headers: { 'if-none-match': document.headers.etag! },
    });
    assert.deepEqual([again.code, again.text], [304, '']);
    const bare = await sendRaw(server, { path: serverRelativeURL.split('?')[0]! });
    assert.doesNotMatch(bare.headers['cache-control'] ?? '', /immutable/);
  }
});

test('every reference in the OpenAPI 2 document leads somewhere', async () => {
  const { text, json } = await sendRaw(server, { path: '/openapi/v2' });
  const definitions = json['definitions'] as Record<string, unknown>;
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!);
  assert.ok(references.length > 10);
  for (const reference of references) {
    assert.match(reference, /^#\/definitions\//);
    assert.ok(Object.hasOwn(definitions, reference.slice('#/definitions/'.length)), reference);
  }
});

test('/version claims the Kubernetes version whose behaviour is kept, and names Chancery as the build', async () => {
  const { json } = await sendRaw(server, { path: '/version' });
  assert.equal(json['gitVersion'], 'v1.36.0+chancery.0.0.0-test');
});

test('/metrics is what the caller says and what the server counts, as text', async () => {
  await sendRaw(server, { path: '/api/v1/namespaces/default/secrets' });
  await server.audited('list');
  const { text, headers } = await sendRaw(server, { path: '/metrics' });
  assert.match(text, /^chancery_up 1\n/);
  assert.match(text, /^chancery_api_requests_total\{verb="list",resource="secrets",code="200"\} 1$/m);
  assert.match(text, /^chancery_api_request_duration_seconds_count\{verb="list"\} 1$/m);
  assert.match(text, /^chancery_api_open_watches 0$/m);
  assert.match(headers['content-type'] ?? '', /^text\/plain/);
});
