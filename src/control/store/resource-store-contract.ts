import { describe } from 'node:test';
import { describeDeleting } from './contract/deleting.ts';
import type { OpenStore } from './contract/harness.ts';
import { describeListing } from './contract/listing.ts';
import { describePatching } from './contract/patching.ts';
import { describeSecrets } from './contract/secrets.ts';
import { describeSequences } from './contract/sequences.ts';
import { describeWatching } from './contract/watching.ts';
import { describeWriting } from './contract/writing.ts';

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
