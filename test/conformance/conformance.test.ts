import { after, before, describe } from 'node:test';
import { peer } from '../peers/peer.ts';
import { certificateContent } from './content-contract.ts';
import { everythingIssued } from './everything-contract.ts';
import { makeIssuers } from './issuers.ts';
import { keystores } from './keystores-contract.ts';
import { certificateLifecycle } from './lifecycle-contract.ts';
import { Subject } from './subject.ts';
import { conformanceTable } from './table-contract.ts';

describe("cert-manager's conformance cases", peer('openssl'), () => {
  const subject = new Subject();
  before(async () => {
    await subject.start();
    await makeIssuers(subject);
  });
  after(() => subject.stop());

  describe('the table', () => conformanceTable(subject));
  describe('lifecycle', () => certificateLifecycle(subject));
  describe('content', () => certificateContent(subject));
  describe('keystores', () => keystores(subject));
  describe('everything that was issued', () => everythingIssued(subject));
});
