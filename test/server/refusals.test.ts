import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { certificate, certificates, configMap, configMaps, jsonBody, sendRaw } from './raw-request.ts';
import type { RawRequest } from './raw-request.ts';
import { startTestServer } from './server-fixture.ts';
import type { TestServer } from './server-fixture.ts';

interface Refusal extends RawRequest {
  readonly code: number;
  readonly reason: string;
  readonly message: RegExp;
  readonly why: string;
}

const post = { method: 'POST', path: configMaps, headers: jsonBody };
const put = { method: 'PUT', path: `${configMaps}/held`, headers: jsonBody };
const remove = { method: 'DELETE', path: `${configMaps}/held`, headers: jsonBody };
const patch = (type: string): Pick<RawRequest, 'method' | 'path' | 'headers'> => ({
  method: 'PATCH',
  path: `${configMaps}/held`,
  headers: { 'content-type': type },
});
const merge = { ...patch('application/merge-patch+json'), body: '{"data":{"a":"changed"}}' };
const at = (request: RawRequest, query: string): RawRequest => ({ ...request, path: `${request.path}?${query}` });

const bad = { code: 400, reason: 'BadRequest' };
const missing = { code: 404, reason: 'NotFound' };
const invalid = { code: 422, reason: 'Invalid' };
const noMethod = { code: 405, reason: 'MethodNotAllowed', message: /does not allow this method/ };
const noType = {
  code: 415,
  reason: 'UnsupportedMediaType',
  message: /unknown format - accepted media types include: app/,
};

const refusals: readonly Refusal[] = [
  // Places
  { ...missing, path: '/', message: /could not find the requested resource/, why: 'nothing is at the root' },
  { ...missing, path: '/apis/cert-manager.io/v2/certificates', message: /could not find/, why: 'no such version' },
  { ...missing, path: '/api/v1/pods', message: /could not find/, why: 'no such kind' },
  { ...missing, path: '/api/v1/namespaces/default/namespaces', message: /could not find/, why: 'namespaces have none' },
  { ...missing, path: '/api/v1/configmaps/held', message: /could not find/, why: 'an object is in a namespace' },
  { ...missing, path: `${configMaps}/held/scale`, message: /could not find/, why: 'no such subresource' },
  { ...missing, path: `${configMaps}/held/status`, message: /could not find/, why: 'a ConfigMap has no status' },
  { ...missing, path: `${configMaps}/a%2Fb`, message: /could not find/, why: 'a slash is no part of a name' },
  { ...missing, path: `${configMaps}/..%2f..%2fsecrets`, message: /could not find/, why: 'dots lead nowhere' },
  {
    ...missing,
    path: `${configMaps}/absent`,
    message: /^configmaps "absent" not found$/,
    why: 'there is no such object',
  },
  { ...missing, ...remove, path: `${configMaps}/absent`, message: /"absent" not found/, why: 'nothing to delete' },
  {
    ...missing,
    ...put,
    path: `${configMaps}/absent`,
    body: configMap('absent'),
    message: /"absent" not found/,
    why: 'a PUT makes nothing',
  },
  {
    ...missing,
    ...post,
    path: '/api/v1/namespaces/nowhere/configmaps',
    body: configMap('x'),
    message: /namespaces "nowhere" not found/,
    why: 'the namespace must exist',
  },
  // Methods
  { ...noMethod, ...post, path: `${configMaps}/held`, body: '{}', why: 'POST goes to a collection' },
  { ...noMethod, ...put, path: configMaps, body: '{}', why: 'PUT goes to an object' },
  { ...noMethod, ...post, path: '/api/v1/configmaps', body: configMap('x'), why: 'an object needs its namespace' },
  { ...noMethod, method: 'DELETE', path: '/api/v1/configmaps', why: 'all namespaces at once are too much' },
  { ...noMethod, method: 'OPTIONS', path: configMaps, why: 'nothing is said about methods' },
  { ...noMethod, method: 'DELETE', path: `${certificates}/x/status`, why: 'a status goes with its object' },
  { ...noMethod, path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', why: 'reviews are only asked' },
  { ...noMethod, method: 'POST', path: '/version', why: 'documents are only read' },
  // Media types
  { ...noType, ...post, headers: { 'content-type': 'text/plain' }, body: 'x', why: 'plain text is no object' },
  { ...noType, ...post, headers: { 'content-type': 'application/cbor' }, body: 'x', why: 'CBOR is not read' },
  { ...noType, ...patch('application/json'), body: '{}', why: 'a patch says which kind of patch it is' },
  { ...noType, ...patch('application/apply-patch+cbor'), body: '{}', why: 'nor is it for patches' },
  {
    ...noType,
    ...patch('application/strategic-merge-patch+json'),
    path: `${certificates}/x`,
    body: '{}',
    why: 'only core kinds are patched strategically',
  },
  {
    code: 406,
    reason: 'NotAcceptable',
    path: configMaps,
    headers: { accept: 'application/yaml' },
    message: /only the following media types are accepted: application\/json/,
    why: 'answers are JSON',
  },
  {
    code: 406,
    reason: 'NotAcceptable',
    path: '/openapi/v2',
    headers: { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' },
    message: /accepted/,
    why: 'documents are JSON',
  },
  {
    code: 406,
    reason: 'NotAcceptable',
    ...post,
    headers: { ...jsonBody, accept: 'image/png' },
    body: configMap('unmade'),
    message: /accepted/,
    why: 'what cannot be answered is not begun',
  },
  // Bodies
  { ...bad, ...post, message: /no body/, why: 'an object is missing' },
  { ...bad, ...post, body: '{"kind":', message: /not valid JSON/, why: 'it ends too early' },
  { ...bad, ...post, body: '[]', message: /must be of type ConfigMap/, why: 'a list is no object' },
  { ...bad, ...post, body: 'null', message: /must be of type ConfigMap/, why: 'nor is null' },
  { ...bad, ...post, body: '{"metadata":[]}', message: /metadata must be an object/, why: 'metadata has fields' },
  {
    ...bad,
    ...post,
    body: `{"data":${'{"a":'.repeat(5000)}1${'}'.repeat(5001)}`,
    message: /nests deeper than 100 levels/,
    why: 'it nests too deep',
  },
  { ...bad, ...post, body: Buffer.from('{"a":"\xff"}', 'latin1'), message: /UTF-8/, why: 'the encoding is wrong' },
  { ...bad, ...post, body: '{"data":{"__proto__":"x"}}', message: /__proto__/, why: 'no map has such a key' },
  {
    ...bad,
    ...post,
    body: '{"kind":"Secret","metadata":{"name":"x"}}',
    message: /Secret in version "v1" cannot be handled as a ConfigMap/,
    why: 'the kind is another',
  },
  {
    ...bad,
    ...post,
    body: '{"apiVersion":"v2","metadata":{"name":"x"}}',
    message: /API version in the data \(v2\) does not match the expected API version \(v1\)/,
    why: 'the version is another',
  },
  {
    ...bad,
    ...post,
    body: '{"metadata":{"name":"x","namespace":"team"}}',
    message: /namespace of the provided object does not match/,
    why: 'the namespaces differ',
  },
  {
    ...bad,
    ...put,
    body: configMap('other'),
    message: /name of the object \(other\) does not match the name on the URL \(held\)/,
    why: 'the names differ',
  },
  {
    ...bad,
    ...at(post, 'fieldValidation=Strict'),
    body: '{"metadata":{"name":"x"},"data":{"a":"1","a":"2"}}',
    message: /strict decoding error: duplicate field "data.a"/,
    why: 'a field is given twice',
  },
  {
    ...bad,
    ...at(post, 'fieldValidation=Strict'),
    body: '{"metadata":{"name":"x"},"date":{}}',
    message: /strict decoding error: unknown field "date"/,
    why: 'a field is not known',
  },
  {
    code: 413,
    reason: 'RequestEntityTooLarge',
    ...post,
    body: configMap('x', { a: 'x'.repeat(3 * 1024 * 1024) }),
    message: /too large/,
    why: 'it is over three megabytes',
  },
  {
    ...invalid,
    ...post,
    body: configMap('Not_A_Name'),
    message: /^ConfigMap "Not_A_Name" is invalid: metadata.name: Invalid value/,
    why: 'the name is none',
  },
  {
    ...invalid,
    ...post,
    body: '{"metadata":{}}',
    message: /metadata.name: Required value: name or generateName is required/,
    why: 'there is no name',
  },
  {
    code: 409,
    reason: 'AlreadyExists',
    ...post,
    body: configMap('held'),
    message: /^configmaps "held" already exists$/,
    why: 'the name is taken',
  },
  {
    code: 409,
    reason: 'Conflict',
    ...put,
    body: '{"metadata":{"name":"held","resourceVersion":"1"}}',
    message: /Operation cannot be fulfilled on configmaps "held": the object has been modified/,
    why: 'the object changed meanwhile',
  },
  // Patches
  {
    ...bad,
    ...patch('application/json-patch+json'),
    body: '{}',
    message: /list of operations/,
    why: 'operations come as a list',
  },
  {
    ...bad,
    ...patch('application/merge-patch+json'),
    body: '[]',
    message: /must be an object/,
    why: 'a merge patch has fields',
  },
  { ...bad, ...patch('application/merge-patch+json'), message: /no body/, why: 'the patch is missing' },
  {
    ...invalid,
    ...patch('application/apply-patch+yaml'),
    body: configMap('held'),
    message: /fieldManager: Required value: is required for apply patch/,
    why: 'an apply names its manager',
  },
  {
    ...invalid,
    ...at(merge, 'force=true'),
    message: /force: Forbidden: may not be specified for non-apply patch/,
    why: 'only an apply can be forced',
  },
  {
    ...invalid,
    ...patch('application/json-patch+json'),
    body: '[{"op":"test","path":"/data/a","value":"other"}]',
    message: /test/,
    why: 'the test fails',
  },
  // Parameters that change the meaning
  {
    ...invalid,
    ...at(post, 'dryRun=Some'),
    body: configMap('unmade'),
    message: /dryRun: Unsupported value: "Some": supported values: "All"/,
    why: 'no such dry run',
  },
  {
    ...invalid,
    ...at(remove, 'dryRun='),
    message: /dryRun: Unsupported value: ""/,
    why: 'an empty dry run may mean anything',
  },
  {
    ...bad,
    ...at(remove, 'dryrun=All'),
    message: /it must be written "dryRun"/,
    why: 'a misspelt dry run must not delete',
  },
  {
    ...invalid,
    ...remove,
    body: '{"dryRun":["Some"]}',
    message: /dryRun: Unsupported value/,
    why: 'the same in the body',
  },
  {
    ...bad,
    ...remove,
    body: '{"dryRuns":["All"]}',
    message: /unknown field "dryRuns"/,
    why: 'a misspelt field must not delete',
  },
  { ...bad, ...remove, body: '{"dryRun":"All"}', message: /dryRun must be a list/, why: 'its shape is wrong' },
  {
    ...bad,
    ...remove,
    body: '{"kind":"ConfigMap"}',
    message: /must be DeleteOptions/,
    why: 'another kind is in the body',
  },
  {
    ...bad,
    ...at(remove, 'propagationPolicy=Orphan'),
    body: '{"propagationPolicy":"Foreground"}',
    message: /contradicts itself/,
    why: 'query and body disagree',
  },
  {
    ...invalid,
    ...at(remove, 'propagationPolicy=Sideways'),
    message: /propagationPolicy: Unsupported value/,
    why: 'no such policy',
  },
  { ...bad, ...at(remove, 'gracePeriodSeconds=-1'), message: /gracePeriodSeconds/, why: 'time does not run backwards' },
  {
    ...bad,
    ...remove,
    body: '{"ignoreStoreReadErrorWithClusterBreakingPotential":true}',
    message: /cannot be read are not deleted/,
    why: 'it would break what it names',
  },
  {
    code: 409,
    reason: 'Conflict',
    ...remove,
    body: '{"preconditions":{"uid":"another"}}',
    message: /the UID in the precondition \(another\) does not match/,
    why: 'the object is another one',
  },
  { ...bad, method: 'DELETE', path: `${configMaps}?limit=1`, message: /"limit"/, why: 'a collection is deleted whole' },
  {
    ...invalid,
    ...at(post, 'fieldValidation=Loose'),
    body: configMap('unmade'),
    message: /fieldValidation: Unsupported value: "Loose"/,
    why: 'no such strictness',
  },
  {
    ...invalid,
    ...at(post, `fieldManager=${'x'.repeat(200)}`),
    body: configMap('unmade'),
    message: /fieldManager: Too long/,
    why: 'the manager has too long a name',
  },
  { ...bad, path: `${configMaps}?limit=many`, message: /"limit" has the value "many"/, why: 'a limit is a number' },
  { ...bad, path: `${configMaps}?resourceVersion=new`, message: /"resourceVersion"/, why: 'so is a revision' },
  { ...bad, path: `${configMaps}?continue=garbage`, message: /continue/, why: 'the token is not ours' },
  {
    ...bad,
    path: `${configMaps}?labelSelector=a%20in`,
    message: /unable to parse requirement/,
    why: 'the selector ends too early',
  },
  {
    ...bad,
    path: `${configMaps}?fieldSelector=data.a%3D1`,
    message: /field label not supported: data.a/,
    why: 'the field is not selectable',
  },
  {
    ...invalid,
    path: `${configMaps}?resourceVersionMatch=Exact`,
    message: /forbidden unless resourceVersion is provided/,
    why: 'there is nothing to match',
  },
  {
    ...invalid,
    path: `${configMaps}?resourceVersion=0&resourceVersionMatch=Exact`,
    message: /forbidden for resourceVersion "0"/,
    why: 'any is not exact',
  },
  {
    ...invalid,
    path: `${configMaps}?resourceVersion=1&resourceVersionMatch=Best`,
    message: /resourceVersionMatch: Unsupported value/,
    why: 'no such match',
  },
  {
    ...invalid,
    path: `${configMaps}?sendInitialEvents=true`,
    message: /sendInitialEvents is forbidden for list/,
    why: 'a list has no events',
  },
  {
    ...invalid,
    path: `${configMaps}?watch=true&sendInitialEvents=true`,
    message: /requires setting resourceVersionMatch to NotOlderThan/,
    why: 'half a WatchList hangs clients',
  },
  {
    ...invalid,
    path: `${configMaps}?watch=true&resourceVersionMatch=NotOlderThan`,
    message: /forbidden for watch unless sendInitialEvents is provided/,
    why: 'the other half',
  },
  {
    ...invalid,
    path: `${configMaps}?includeObject=Half`,
    message: /includeObject: Unsupported value/,
    why: 'no such part',
  },
  {
    code: 504,
    reason: 'Timeout',
    path: `${configMaps}?resourceVersion=99999999`,
    message: /99999999/,
    why: 'that revision is not written yet',
  },
  {
    code: 504,
    reason: 'Timeout',
    path: `${configMaps}?watch=1&resourceVersion=99999999`,
    message: /99999999/,
    why: 'nor can it be watched from',
  },
  {
    code: 504,
    reason: 'Timeout',
    path: `${configMaps}/held?resourceVersion=99999999`,
    message: /99999999/,
    why: 'nor read at',
  },
  {
    ...bad,
    path: `${configMaps}/held?watch=true`,
    message: /single object cannot be watched/,
    why: 'an object answered once is no watch',
  },
  {
    ...bad,
    ...at(remove, 'labelSelector=a%3Db'),
    message: /"labelSelector" .* must be left out for delete/,
    why: 'a selector beside a name restricts nothing',
  },
  {
    ...bad,
    ...at(put, 'resourceVersion=1'),
    body: configMap('held'),
    message: /"resourceVersion" .* must be left out for update/,
    why: 'the revision to replace stands in the object',
  },
  {
    ...bad,
    ...at(post, 'force=true'),
    body: configMap('unmade'),
    message: /"force"/,
    why: 'nothing can be forced into being',
  },
  {
    ...bad,
    path: `${configMaps}/held?fieldSelector=metadata.name%3Dother`,
    message: /"fieldSelector"/,
    why: 'one object is not selected from',
  },
  // Identity
  {
    code: 403,
    reason: 'Forbidden',
    path: configMaps,
    headers: { 'impersonate-user': 'ann' },
    message: /cannot impersonate/,
    why: 'nobody acts under another name',
  },
  {
    code: 403,
    reason: 'Forbidden',
    path: configMaps,
    headers: { 'impersonate-extra-scope': 'x' },
    message: /cannot impersonate/,
    why: 'nor by any other header',
  },
];

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await sendRaw(server, { ...post, body: configMap('held', { a: '1' }) });
});
after(() => server[Symbol.asyncDispose]());

for (const refusal of refusals) {
  const { method = 'GET', path, code, reason, message, why } = refusal;
  test(`${method} ${path.slice(0, 100)} is answered ${code} ${reason} when ${why}`, async () => {
    const answer = await sendRaw(server, refusal);
    const { kind, status, code: statusCode, reason: statusReason, message: text } = answer.json;
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.deepEqual(
      { http: answer.code, kind, status, code: statusCode, reason: statusReason },
      { http: code, kind: 'Status', status: 'Failure', code, reason },
      answer.text,
    );
    assert.match(text ?? '', message);
  });
}

test('no refused request has changed anything', async () => {
  const list = await sendRaw(server, { path: configMaps });
  assert.deepEqual(
    list.json.items?.map(({ metadata, data }) => ({ name: metadata.name, data })),
    [{ name: 'held', data: { a: '1' } }],
  );
  assert.deepEqual(server.failures, []);
});

test('an invalid object is answered with one cause for each broken field', async () => {
  const body = JSON.stringify({ ...certificate('web'), spec: { secretName: 'x' } });
  const { json } = await sendRaw(server, { method: 'POST', path: certificates, headers: jsonBody, body });
  assert.equal(json.details?.kind, 'Certificate');
  assert.equal(json.details.group, 'cert-manager.io');
  assert.equal(json.details.name, 'web');
  assert.ok(
    json.details.causes?.some(({ reason, field }) => reason === 'FieldValueRequired' && field === 'spec.issuerRef'),
  );
});

test('a revision of the future is answered with a cause that clients know and a time to come back', async () => {
  const answer = await sendRaw(server, { path: `${configMaps}?resourceVersion=99999999` });
  assert.equal(answer.json.details?.causes?.[0]?.reason, 'ResourceVersionTooLarge');
  assert.equal(answer.headers['retry-after'], '1');
});
