import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workload } from '#model/resources';
import { chainLimitOf } from './engine-depths.ts';

const file = { path: '/x', content: 'bundle', of: 'x' } as const;
const cases: readonly { spec: Partial<Workload['spec']>; limit: number | undefined; why: string }[] = [
  { spec: { driver: 'nginx' }, limit: 1, why: 'ssl_verify_depth' },
  { spec: { driver: 'wso2' }, limit: 9, why: 'it is Java' },
  { spec: { driver: 'files', files: [{ ...file, format: 'jks' }] }, limit: 9, why: 'only Java reads JKS' },
  {
    spec: { driver: 'files', files: [{ ...file, format: 'pem' }] },
    limit: undefined,
    why: 'nobody knows what reads it',
  },
  { spec: { driver: 'haproxy' }, limit: undefined, why: 'OpenSSL' },
  { spec: { driver: 'gateway' }, limit: undefined, why: 'OpenSSL' },
  { spec: {}, limit: undefined, why: 'files is the default' },
];

for (const { spec, limit, why } of cases) {
  test(`chainLimitOf() of ${JSON.stringify(spec)} is ${limit}: ${why}`, () => {
    assert.equal(chainLimitOf({ spec } as Workload), limit);
  });
}
