import { describe } from 'node:test';
import { describeDeleting } from './contract/deleting-contract.ts';
import type { OpenStore } from './contract/harness.ts';
import { describeListing } from './contract/listing-contract.ts';
import { describePatching } from './contract/patching-contract.ts';
import { describeSecrets } from './contract/secrets-contract.ts';
import { describeSequences } from './contract/sequences-contract.ts';
import { describeWatching } from './contract/watching-contract.ts';
import { describeWriting } from './contract/writing-contract.ts';

/** The contract that every backend of ResourceStore keeps. */
export function describeResourceStore(name: string, open: OpenStore): void {
  describe(`${name} keeps the contract of ResourceStore`, () => {
    describeWriting(open);
    describePatching(open);
    describeDeleting(open);
    describeListing(open);
    describeWatching(open);
    describeSequences(open);
    describeSecrets(open);
  });
}
