/** Loaded before every test of the normal suite: property tests draw the same cases each time. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20260101 });
