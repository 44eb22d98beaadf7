import { it } from 'node:test';
import { crashRounds } from './sqlite-crash-rounds.ts';

it('a store whose process is killed 100 times keeps every answered write, whole, without gaps', () => crashRounds(100));
