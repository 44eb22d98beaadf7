/**
 * TLS profiles as values: what a client or server profile says about versions, cipher suites, groups, signatures and
 * client certificates, checked for sense, and compiled to the options of Node's TLS.
 *
 * Not here: keys, certificates and trust (the caller adds them to the options), sockets, the kinds of the API.
 *
 * Invariants: pure; a profile without errors compiles to options under which exactly the named versions and suites can
 * be negotiated, no more and no fewer; nothing depends on OpenSSL's own defaults, which differ between builds.
 */
export { checkSettings } from './check-settings.ts';
export { cipherSuites } from './cipher-suites.ts';
export type { CipherSuite } from './cipher-suites.ts';
export { checkPeerKeyStrength } from './key-strength.ts';
export { nodeClientOptions, nodeServerOptions } from './node-options.ts';
export type { NodeClientOptions, NodeContextOptions, NodeServerOptions } from './node-options.ts';
export type {
  ClientSettings,
  KeyStrength,
  MutualAuthentication,
  ProfileSettings,
  ServerSettings,
  SettingProblem,
  SettingsReport,
  Side,
} from './settings.ts';
