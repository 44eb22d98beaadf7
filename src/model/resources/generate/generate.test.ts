import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinKinds } from '../builtin-kinds.ts';
import { aggregatedDiscovery } from './aggregated-discovery.ts';
import { customResourceDefinition } from './custom-resource-definition.ts';
import { coreVersions, groupDocument, groupList, resourceList, servedResources } from './discovery.ts';
import { groupVersionsOf, openAPIDocument } from './openapi.ts';
import { referencePage } from './reference-page.ts';

/** Loose views of documents, as a client reads them. */
// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any;

const served = servedResources(builtinKinds);

test('discovery lists the core group, the groups and what each serves', () => {
  assert.deepEqual((coreVersions() as Loose).versions, ['v1']);
  const groups = (groupList(served) as Loose).groups as Loose[];
  assert.deepEqual(groups, [
    {
      name: 'cert-manager.io',
      versions: [{ groupVersion: 'cert-manager.io/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'cert-manager.io/v1', version: 'v1' },
    },
    {
      name: 'chancery.dev',
      versions: [{ groupVersion: 'chancery.dev/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'chancery.dev/v1', version: 'v1' },
    },
  ]);
  assert.equal((groupDocument(served, 'cert-manager.io') as Loose).kind, 'APIGroup');
  assert.equal(groupDocument(served, ''), undefined);
  assert.equal(groupDocument(served, 'apps'), undefined);
  const names = ((resourceList(served, '', 'v1') as Loose).resources as Loose[]).map(({ name }) => name as string);
  assert.deepEqual(names, ['namespaces', 'namespaces/status', 'secrets', 'configmaps', 'events']);
  assert.equal(resourceList(served, 'cert-manager.io', 'v2'), undefined);
});

test('resourceList() describes a resource as Kubernetes does', () => {
  const { resources } = resourceList(served, 'cert-manager.io', 'v1') as Loose;
  assert.deepEqual(
    resources.find((one: Loose) => one.name === 'certificates'),
    {
      name: 'certificates',
      singularName: 'certificate',
      namespaced: true,
      kind: 'Certificate',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['cert', 'certs'],
      categories: ['cert-manager'],
    },
  );
});

test('aggregatedDiscovery() splits the core group from the others', () => {
  const core = aggregatedDiscovery(served, 'core', 'v2') as Loose;
  const groups = aggregatedDiscovery(served, 'groups', 'v2beta1') as Loose;
  assert.deepEqual([core.apiVersion, groups.apiVersion], ['apidiscovery.k8s.io/v2', 'apidiscovery.k8s.io/v2beta1']);
  assert.deepEqual(
    core.items.map((item: Loose) => item.metadata),
    [{}],
  );
  assert.deepEqual(
    groups.items.map((item: Loose) => item.metadata.name),
    ['cert-manager.io', 'chancery.dev'],
  );
  const clusterIssuers = groups.items[0].versions[0].resources.find((one: Loose) => one.resource === 'clusterissuers');
  assert.equal(clusterIssuers.scope, 'Cluster');
  assert.equal(clusterIssuers.subresources[0].subresource, 'status');
});

test('a review that is served without being a kind appears in discovery', () => {
  const review = {
    group: 'authorization.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectAccessReview',
    plural: 'selfsubjectaccessreviews',
    singular: 'selfsubjectaccessreview',
    namespaced: false,
    verbs: ['create'],
  };
  const { resources } = resourceList([...served, review], 'authorization.k8s.io', 'v1') as Loose;
  assert.deepEqual(resources, [
    { name: review.plural, singularName: review.singular, namespaced: false, kind: review.kind, verbs: ['create'] },
  ]);
});

test('openAPIDocument() lets kubectl find fieldValidation on every patch', () => {
  for (const { group, version } of groupVersionsOf(builtinKinds)) {
    const document = openAPIDocument(builtinKinds, group, version) as Loose;
    for (const { kind } of builtinKinds.filter((one) => one.group === group)) {
      const patches = Object.values(document.paths)
        .map((item: Loose) => item.patch)
        .filter((patch: Loose) => patch?.['x-kubernetes-group-version-kind'].kind === kind);
      assert.ok(patches.length > 0, kind);
      for (const patch of patches) {
        const names = patch.parameters.map((parameter: Loose) => parameter.name);
        assert.deepEqual(names, ['dryRun', 'fieldManager', 'fieldValidation', 'force']);
      }
    }
  }
});

test('openAPIDocument() refers only to schemas it holds, and describes each kind', () => {
  const document = openAPIDocument(builtinKinds, 'cert-manager.io', 'v1') as Loose;
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  for (const [, name] of references) assert.ok(document.components.schemas[name!], name);
  const { Certificate } = Object.fromEntries(
    Object.entries(document.components.schemas).map(([name, schema]) => [name.split('.').at(-1), schema as Loose]),
  );
  assert.deepEqual(Certificate['x-kubernetes-group-version-kind'], [
    { group: 'cert-manager.io', version: 'v1', kind: 'Certificate' },
  ]);
  assert.deepEqual(Certificate.required, ['spec']);
});

test('openAPIDocument() gives every operation a name of its own', () => {
  for (const { group, version } of groupVersionsOf(builtinKinds)) {
    const ids = [
      ...JSON.stringify(openAPIDocument(builtinKinds, group, version)).matchAll(/"operationId":"([^"]+)"/g),
    ].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, ids.join(' '));
  }
});

const patchTypes = (group: string, path: string) =>
  Object.keys((openAPIDocument(builtinKinds, group, 'v1') as Loose).paths[path].patch.requestBody.content);

test('openAPIDocument() offers strategic merge only for core kinds', () => {
  const strategic = 'application/strategic-merge-patch+json';
  assert.ok(patchTypes('', '/api/v1/namespaces/{namespace}/secrets/{name}').includes(strategic));
  assert.ok(
    !patchTypes('cert-manager.io', '/apis/cert-manager.io/v1/namespaces/{namespace}/issuers/{name}').includes(
      strategic,
    ),
  );
});

/** Every schema in a tree, with its path. */
function* schemasIn(schema: Loose, path: string): Generator<[string, Loose]> {
  yield [path, schema];
  for (const [name, below] of Object.entries(schema.properties ?? {})) yield* schemasIn(below, `${path}.${name}`);
  if (schema.items) yield* schemasIn(schema.items, `${path}[]`);
  if (schema.additionalProperties) yield* schemasIn(schema.additionalProperties, `${path}.*`);
}

const ownKinds = builtinKinds.filter(({ group }) => group !== '');

for (const kind of ownKinds) {
  test(`the manifest of ${kind.kind} has a structural schema with every field described`, () => {
    const manifest = customResourceDefinition(kind) as Loose;
    assert.equal(manifest.metadata.name, `${kind.plural}.${kind.group}`);
    const [version] = manifest.spec.versions;
    for (const [path, schema] of schemasIn(version.schema.openAPIV3Schema, '')) {
      assert.ok(['object', 'array', 'string', 'integer', 'boolean'].includes(schema.type), path);
      assert.ok(!(schema.properties && schema.additionalProperties), path);
      for (const forbidden of ['anyOf', 'const', 'patternProperties', '$ref', 'allOf'])
        assert.ok(!(forbidden in schema), `${path} ${forbidden}`);
      const isField = /\.[a-z]\w*$/i.test(path) && path !== '.metadata';
      if (isField) assert.match(schema.description ?? '', /\w/, path);
      for (const key of schema['x-kubernetes-list-map-keys'] ?? [])
        assert.ok(schema.items.required.includes(key), path);
    }
    for (const column of version.additionalPrinterColumns) assert.match(column.jsonPath, /^\./);
  });
}

test('selectable fields become JSON paths of the manifest', () => {
  const manifest = customResourceDefinition(ownKinds.find(({ kind }) => kind === 'Certificate')!) as Loose;
  assert.deepEqual(manifest.spec.versions[0].selectableFields, [
    { jsonPath: '.spec.issuerRef.group' },
    { jsonPath: '.spec.issuerRef.kind' },
    { jsonPath: '.spec.issuerRef.name' },
  ]);
});

test('referencePage() has a row for every field and no broken table', () => {
  const page = referencePage(ownKinds.find(({ kind }) => kind === 'Certificate')!);
  assert.match(
    page,
    /\| `spec\.privateKey\.algorithm` \| string \| Algorithm of the key; RSA is the default\. One of `RSA`, `ECDSA`, `Ed25519`\. \|/,
  );
  assert.match(page, /\| `spec\.secretTemplate\.labels` \| map to string \|/);
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  for (const row of rows) assert.equal(row.match(/(?<!\\)\|/g)?.length, 4, row);
});
