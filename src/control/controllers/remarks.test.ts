import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition, KubeObject } from '#model/objects';
import { readinessRemark } from './remarks.ts';

type Verdict = readonly [status: Condition['status'], reason: string];

const status = (verdict: Verdict | undefined): { conditions: Condition[] } =>
  verdict === undefined
    ? { conditions: [] }
    : { conditions: [{ type: 'Ready', status: verdict[0], reason: verdict[1] }] };

const object: KubeObject = {
  apiVersion: 'chancery.dev/v1',
  kind: 'Keystore',
  metadata: { name: 'a', uid: '', resourceVersion: '', creationTimestamp: '' },
};

const cases: readonly [why: string, before: Verdict | undefined, after: Verdict, told: string | undefined][] = [
  ['it became ready', undefined, ['True', 'Verified'], 'Normal Verified'],
  ['what it waited for came', ['False', 'CertificateNotIssued'], ['True', 'Verified'], 'Normal Verified'],
  ['nothing is different', ['True', 'Verified'], ['True', 'Verified'], undefined],
  ['it is new and waits', undefined, ['False', 'CertificateNotFound'], undefined],
  ['it waits for the next thing', ['False', 'CertificateNotFound'], ['False', 'CertificateNotIssued'], undefined],
  ['it lost what it had', ['True', 'Verified'], ['False', 'SecretNotFound'], 'Warning SecretNotFound'],
  ['it is new and wrong', undefined, ['False', 'PasswordWrong'], 'Warning PasswordWrong'],
  [
    'it is wrong in another way',
    ['False', 'PasswordWrong'],
    ['False', 'MaterialUnreadable'],
    'Warning MaterialUnreadable',
  ],
  ['nobody knows any more', ['True', 'Running'], ['Unknown', 'NodeLost'], 'Warning NodeLost'],
];

for (const [why, before, after, told] of cases) {
  test(`readinessRemark() says ${told ?? 'nothing'} when ${why}`, () => {
    const remark = readinessRemark({ ...object, status: status(before) }, status(after));
    assert.equal(remark === undefined ? undefined : `${remark.type} ${remark.reason}`, told);
  });
}
