/**
 * The loops that make declared objects true: certificates and their requests, issuers, stores, bundles of trust,
 * workloads, rotations of CAs, gateways, garbage collection, namespaces, expiry. They watch, decide through the rooms of
 * `model`, sign through the crypto pool and write; nothing else here decides. Invariants: state is written before it is
 * acted on, so any of them can be killed at any line; a certificate is issued once for one revision; a Secret is never
 * half written; what a Rotation does is written in one sequence with a fence against an earlier stage.
 */
export { startControllers } from './start.ts';
export type { Controllers, ControllersOptions, Log } from './options.ts';
