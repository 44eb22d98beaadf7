import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { fieldErrorText } from '#model/objects';
import type { Draft } from '#model/objects';
import { builtinKinds } from '../builtin-kinds.ts';
import { certificateKind } from '../certificate.ts';
import type { Certificate } from '../certificate.ts';
import { configMapKind } from '../config-map.ts';
import type { Kind } from '../kind.ts';
import { certificate, configMap } from '../test-objects.ts';
import { compileKind } from './compile-kind.ts';
import { schemaNode } from './schema-node.ts';

const certificates = compileKind(certificateKind);

type Loose = Record<string, unknown>;

/** A Certificate with anything in spec and status, as a client may send it. */
const sent = (spec: Loose, rest: Loose = {}): Draft<Certificate> => ({
  ...certificate(),
  ...rest,
  spec: { ...certificate().spec, ...spec },
});

const errorsOf = (draft: Draft<Certificate>): string[] => certificates.validate(draft).map(fieldErrorText);

test('compileKind() compiles a kind once', () => {
  assert.equal(compileKind(certificateKind), certificates);
});

test('prune() answers the same draft when every field is known', () => {
  const draft = certificate();
  const pruned = certificates.prune(draft);
  assert.equal(pruned.draft, draft);
  assert.deepEqual(pruned.unknown, []);
});

test('prune() drops unknown fields at every depth, names them in document order and leaves the draft alone', () => {
  const draft = sent(
    { foo: 1, privateKey: { size: 256, bits: 1 }, otherNames: [{ oid: '1.2' }, { oid: '1.2', value: 1 }] },
    { extra: true, status: { conditions: [{ type: 'Ready', status: 'True', x: 1 }] } },
  );
  const before = structuredClone(draft);
  const { draft: kept, unknown } = certificates.prune(draft);
  assert.deepEqual(draft, before);
  assert.deepEqual(
    unknown,
    ['spec.foo', 'spec.privateKey.bits', 'spec.otherNames[1].value', 'extra', 'status.conditions[0].x'].toSorted(
      (a, b) => unknown.indexOf(a) - unknown.indexOf(b),
    ),
  );
  assert.deepEqual(kept.spec.privateKey, { size: 256 });
  assert.deepEqual(kept.spec.otherNames, [{ oid: '1.2' }, { oid: '1.2' }]);
  assert.equal('extra' in kept || 'foo' in kept.spec, false);
});

test('prune() keeps free keys of maps, and everything in an open object', () => {
  const issuers = compileKind(builtinKinds.find(({ kind }) => kind === 'Issuer')!);
  const draft = {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Issuer',
    metadata: { labels: { any: 'x' } },
    spec: { acme: { a: { b: [null] } } },
  };
  assert.equal(issuers.prune(draft).draft, draft);
});

test('prune() drops a null in metadata, and anywhere in a core kind, but keeps it where it is an error', () => {
  const draft = sent({ renewBefore: null }, { metadata: { name: 'web', creationTimestamp: null } });
  const { draft: kept, unknown } = certificates.prune(draft);
  assert.deepEqual([kept.metadata, unknown], [{ name: 'web' }, []]);
  assert.deepEqual(errorsOf(kept), [
    'spec.renewBefore: Invalid value: "null": spec.renewBefore in body must be of type string: "null"',
  ]);
  const configMaps = compileKind(configMapKind);
  const core = { ...configMap(), data: { a: 'b', c: null }, binaryData: null } as unknown as Draft<
    ReturnType<typeof configMap>
  >;
  assert.deepEqual(configMaps.prune(core).draft, { ...configMap(), data: { a: 'b' } });
});

test('prune() keeps a key named __proto__ in a map, and never as a prototype', () => {
  const draft = JSON.parse('{"metadata":{"labels":{"__proto__":"x"},"y":1},"__proto__":{"z":1}}') as Draft<Certificate>;
  const { draft: kept, unknown } = certificates.prune(draft);
  assert.deepEqual(Object.keys(kept.metadata.labels ?? {}), ['__proto__']);
  assert.deepEqual(unknown, ['metadata.y', '__proto__']);
  assert.equal((kept as unknown as Loose)['z'], undefined);
});

const refused: readonly { why: string; draft: Draft<Certificate>; error: string }[] = [
  {
    why: 'a required field is missing',
    draft: sent({ secretName: undefined }),
    error: 'spec.secretName: Required value',
  },
  {
    why: 'spec is missing',
    draft: { ...sent({}), spec: undefined } as unknown as Draft<Certificate>,
    error: 'spec: Required value',
  },
  {
    why: 'a number where a text is wanted',
    draft: sent({ commonName: 7 }),
    error: 'spec.commonName: Invalid value: "integer": spec.commonName in body must be of type string: "integer"',
  },
  {
    why: 'a fraction where a whole number is wanted',
    draft: sent({ revisionHistoryLimit: 1.5 }),
    error:
      'spec.revisionHistoryLimit: Invalid value: "number": spec.revisionHistoryLimit in body must be of type integer: "number"',
  },
  {
    why: 'a number that 32 bits do not hold',
    draft: sent({ revisionHistoryLimit: 2 ** 31 }),
    error:
      'spec.revisionHistoryLimit: Invalid value: 2147483648: spec.revisionHistoryLimit in body should be less than or equal to 2147483647',
  },
  {
    why: 'a list where an object is wanted',
    draft: sent({ privateKey: [] }),
    error: 'spec.privateKey: Invalid value: "array": spec.privateKey in body must be of type object: "array"',
  },
  {
    why: 'a word that is not in the list',
    draft: sent({ privateKey: { rotationPolicy: 'Sometimes' } }),
    error: 'spec.privateKey.rotationPolicy: Unsupported value: "Sometimes": supported values: "Never", "Always"',
  },
  {
    why: 'an empty cron line',
    draft: sent({ renewal: { windows: [{ cron: '', windowDuration: '1h' }] } }),
    error:
      'spec.renewal.windows[0].cron: Invalid value: "": spec.renewal.windows[0].cron in body should be at least 1 chars long',
  },
  {
    why: 'a length in days',
    draft: sent({ renewal: { windows: [{ cron: '* * * * *', windowDuration: '1d' }] } }),
    error: String.raw`spec.renewal.windows[0].windowDuration: Invalid value: "1d": spec.renewal.windows[0].windowDuration in body should match '^([0-9]+(\.[0-9]+)?(s|m|h))+$'`,
  },
  {
    why: 'a time that is none',
    draft: sent({}, { status: { notAfter: 'tomorrow' } }),
    error: 'status.notAfter: Invalid value: "tomorrow": status.notAfter in body must be of type date-time: "tomorrow"',
  },
  {
    why: 'a condition twice',
    draft: sent(
      {},
      {
        status: {
          conditions: [
            { type: 'Ready', status: 'True' },
            { type: 'Ready', status: 'False' },
          ],
        },
      },
    ),
    error: 'status.conditions[1]: Duplicate value: {"type":"Ready"}',
  },
  {
    why: 'a label that is no text',
    draft: sent({}, { metadata: { labels: { a: 1 } } }),
    error: 'metadata.labels.a: Invalid value: "integer": metadata.labels.a in body must be of type string: "integer"',
  },
];

for (const { why, draft, error } of refused) {
  test(`validate() says when ${why}`, () => assert.deepEqual(errorsOf(draft), [error]));
}

const junk = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.string(),
  fc.constant([]),
  fc.constant({}),
);

/** Puts `value` at a place in a copy of `root`; each number of `path` picks one of the keys there. */
function mutated(root: unknown, path: readonly number[], value: unknown): unknown {
  if (typeof root !== 'object' || root === null || path.length === 0) return value;
  const keys = Object.keys(root);
  const key = keys[path[0]! % (keys.length || 1)];
  if (key === undefined) return value;
  const copy = (Array.isArray(root) ? [...(root as unknown[])] : { ...root }) as Loose;
  copy[key] = mutated(copy[key], path.slice(1), value);
  return copy;
}

const full = sent(
  {
    commonName: 'a',
    privateKey: { algorithm: 'RSA', size: 2048, rotationPolicy: 'Always' },
    subject: { organizations: ['a'] },
    renewal: { windows: [{ cron: '* * * * *', windowDuration: '1h' }] },
    keystores: { jks: { create: true, passwordSecretRef: { name: 'a' } } },
    usages: ['server auth'],
    secretTemplate: { labels: { a: 'b' } },
  },
  {
    status: {
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
      revision: 1,
    },
  },
);

test('validate() finds errors exactly where the compiled schema refuses', () => {
  const reference = Compile(certificateKind.schema);
  fc.assert(
    fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }), junk, (path, value) => {
      const draft = mutated(full, path, value) as Draft<Certificate>;
      assert.equal(certificates.validate(draft).length === 0, reference.Check(draft));
    }),
    { numRuns: 1000 },
  );
});

test('prune() and validate() answer for any JSON, and pruning again changes nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...builtinKinds), fc.jsonValue({ maxDepth: 6 }), (kind: Kind, value) => {
      const compiled = compileKind(kind);
      const { draft } = compiled.prune(value as unknown as Draft);
      const again = compiled.prune(draft);
      assert.equal(again.draft, draft);
      assert.deepEqual(again.unknown, []);
      assert.equal(Array.isArray(compiled.validate(draft)), true);
    }),
  );
});

test('schemaNode() refuses a keyword that only one of the two walks would check', () => {
  assert.throws(() => schemaNode(Type.String({ maxLength: 3 }), false), /schema keyword maxLength is not supported/);
});

test('validate() tells of a limited number of errors', () => {
  assert.equal(certificates.validate(sent({ usages: Array<string>(10_000).fill('x') })).length, 64);
});
