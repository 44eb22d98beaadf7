import { test } from 'node:test';
import { surviveFaults } from './test-faults.ts';

test('in 300 runs of reports lost, late and doubled, of crashes and kills, nobody is refused', () =>
  surviveFaults(300));
