/**
 * The loops that make declared objects true: certificates, certificate requests, issuers, garbage collection,
 * namespaces, expiry of events. They watch, decide through `#model/certificates`, sign through the crypto pool and
 * write; nothing else here decides. Invariants: state is written before it is acted on, so any of them can be killed at
 * any line; a certificate is issued once for one revision; a Secret is never half written.
 */
export { startControllers } from './start.ts';
export type { Controllers, ControllersOptions, Log } from './options.ts';
