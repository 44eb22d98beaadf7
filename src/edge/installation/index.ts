/**
 * The embedded whole: one data directory, one process with the store, the loops and the API server, and what a first start
 * declares in it. Knows no command line. Invariants: the data directory belongs to one process; what lies in it is readable
 * by its owner alone; stopping lets running work finish.
 */
export { startInstallation } from './start-installation.ts';
export type { Installation, InstallationOptions } from './start-installation.ts';
export { declare } from './declared.ts';
export type { Declaration } from './declared.ts';
export { settle } from './settling.ts';
export type { Settlement } from './settling.ts';
export { startSampleBackends } from './sample-backends/sample-backends.ts';
